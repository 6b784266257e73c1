import { compileExpression } from './expressions/compile-expression';
import { typed } from './fields/derived-fields';
import type { Field } from './fields/field';
import type { TargetField } from './fields/mining-schema';
import type { Row } from './fields/row';
import type { Scope } from './fields/scope';
import { DATA_TYPES, type DataType, OP_TYPES, type OpType, type Present, type Value, castOrMissing, literal } from './fields/value';
import type { Prediction } from './prediction';
import type { Element } from './xml/element';

/** What a document can give beside the value of its target. */
export const FEATURES = [
  'predictedValue', 'predictedDisplayValue', 'probability', 'confidence', 'entityId', 'clusterId', 'affinity', 'entityAffinity', 'clusterAffinity', 'reasonCode', 'transformedValue',
  'decision',
] as const;
type Feature = (typeof FEATURES)[number];

/** One OutputField. */
export interface OutputField {
  readonly field: Field;
  /** Whether it is part of the answer; others are for the models behind. */
  readonly isFinal: boolean;
  /** Puts its value into the row, where later ones and the models behind can read it. */
  readonly store: (prediction: Prediction, row: Row) => void;
}

/**
 * Compiles the Output of a model. Fields of earlier outputs, and the target, can be named by later ones.
 *
 * @param classes categories of the target, for probabilities by category.
 */
export function compileOutputs(model: Element, scope: Scope, target: TargetField | undefined): readonly OutputField[] {
  const elements = model.child('Output')?.all('OutputField') ?? [];
  if (elements.length === 0) return [];
  const inner = scope.inside(model);
  const targetSlot = target && !scope.has(target.name) ? defineTarget(target, model, inner) : undefined;
  const outputs = elements.map((element) => compileOutput(element, inner, target));
  if (targetSlot === undefined) return outputs;
  const [first, ...rest] = outputs as [OutputField, ...OutputField[]];
  return [{ ...first, store: (prediction, row) => { row[targetSlot] = prediction.value; first.store(prediction, row); } }, ...rest];
}

function defineTarget({ name, dataType, opType }: TargetField, at: Element, scope: Scope): number {
  const slot = scope.document.nextSlot();
  scope.define(name, at, () => ({ name, dataType, opType, depth: 0, read: (row) => row[slot] ?? undefined }));
  return slot;
}

function compileOutput(element: Element, scope: Scope, target: TargetField | undefined): OutputField {
  const name = element.requiredAttribute('name');
  const feature = element.oneOf('feature', FEATURES, 'predictedValue');
  if (element.attribute('segmentId') !== undefined) throw element.unsupported('is of a segment by its id, which is not read');
  const dataType = typeOf(element, feature, target);
  const opType: OpType = element.oneOf('optype', OP_TYPES, dataType === 'string' || dataType === 'boolean' ? 'categorical' : 'continuous');
  const value = valueOf(element, feature, scope, target, dataType);
  const slot = scope.document.nextSlot();
  const field: Field = { name, dataType, opType, depth: 0, read: (row) => row[slot] ?? undefined };
  // An output may have the name of an input; the row then has both, under places of their own.
  if (!scope.has(name)) scope.define(name, element, () => field);
  return { field, isFinal: element.flag('isFinalResult', true), store: (prediction, row) => { row[slot] = value(prediction, row); } };
}

function typeOf(element: Element, feature: Feature, target: TargetField | undefined): DataType {
  if (element.attribute('dataType') !== undefined) return element.oneOf('dataType', DATA_TYPES);
  if (feature === 'predictedValue') return target?.dataType ?? 'string';
  return ['probability', 'confidence', 'affinity', 'entityAffinity', 'clusterAffinity'].includes(feature) ? 'double' : 'string';
}

type Read = (prediction: Prediction, row: Row) => Value;

function valueOf(element: Element, feature: Feature, scope: Scope, target: TargetField | undefined, dataType: DataType): Read {
  const rank = element.number('rank', 1);
  const read = rawValueOf(element, feature, scope, target, rank);
  return (prediction, row) => castOrMissing(read(prediction, row), dataType);
}

function rawValueOf(element: Element, feature: Feature, scope: Scope, target: TargetField | undefined, rank: number): Read {
  switch (feature) {
    case 'predictedValue': return ({ value }) => value;
    case 'predictedDisplayValue': return ({ value, displayName }) => displayName ?? (value === undefined ? undefined : String(value));
    case 'probability': return byCategory(element, target, ({ probabilities }) => probabilities);
    case 'confidence': return byCategory(element, target, ({ confidences, probabilities }) => confidences ?? probabilities);
    case 'entityId':
    case 'clusterId': return ({ entityId, ranking }) => (rank === 1 ? entityId : ranking?.[rank - 1]);
    case 'affinity':
    case 'entityAffinity':
    case 'clusterAffinity': {
      const wanted = element.attribute('value');
      return ({ affinities, entityId }) => affinities?.get(wanted ?? entityId ?? '');
    }
    case 'reasonCode': return ({ reasonCodes }) => reasonCodes?.[rank - 1];
    default: {
      const expression = element.children.find((child) => child.name !== 'Extension' && child.name !== 'Decisions');
      if (!expression) throw element.corrupt('has no expression');
      const compute = typed(compileExpression(expression, scope), element.attribute('dataType') === undefined ? 'double' : element.oneOf('dataType', DATA_TYPES));
      return (_prediction, row) => compute(row);
    }
  }
}

function byCategory(element: Element, target: TargetField | undefined, of: (prediction: Prediction) => ReadonlyMap<Present, number> | undefined): Read {
  const text = element.attribute('value');
  const wanted = text === undefined ? undefined : literal(text, target?.dataType ?? 'string', element);
  return (prediction) => {
    if (prediction.value === undefined) return undefined;
    return of(prediction)?.get(wanted ?? prediction.value) ?? (of(prediction) ? 0 : undefined);
  };
}
