import { compileExpression } from '../expressions/compile-expression';
import type { Compute } from '../fields/row';
import { type Predicate, predicateOf } from '../predicates';
import type { Element } from '../xml/element';
import { type CompileModelKind, type ModelContext, NOTHING } from './model';

interface Attribute {
  readonly predicate: Predicate;
  readonly score: Compute<number | undefined>;
  readonly reasonCode?: string;
}

interface Characteristic {
  readonly baseline: number;
  readonly attributes: readonly Attribute[];
}

/** Scorecard: points of the first attribute that holds, of each characteristic, with the reasons for points lost. */
export const compileScorecard: CompileModelKind = (element, context) => {
  const initial = element.number('initialScore', 0);
  const withReasons = element.flag('useReasonCodes', true);
  const sign = element.oneOf('reasonCodeAlgorithm', ['pointsAbove', 'pointsBelow'], 'pointsBelow') === 'pointsBelow' ? 1 : -1;
  const characteristics = element.required('Characteristics').all('Characteristic').map((one) => compileCharacteristic(one, element, context, withReasons));
  return (row) => {
    let score = initial;
    const points = new Map<string, number>();
    for (const { attributes, baseline } of characteristics) {
      const attribute = attributes.find(({ predicate }) => predicate(row) === true);
      const partial = attribute?.score(row);
      if (attribute === undefined || partial === undefined) return NOTHING;
      score = context.round(score + partial);
      const { reasonCode } = attribute;
      if (reasonCode !== undefined) points.set(reasonCode, (points.get(reasonCode) ?? 0) + sign * (baseline - partial));
    }
    // Sorting is stable: of equal points the first in the document comes first.
    const reasonCodes = [...points].filter(([, lost]) => lost >= 0).sort(([, a], [, b]) => b - a).map(([code]) => code);
    return { value: score, reasonCodes };
  };
};

function compileCharacteristic(element: Element, card: Element, context: ModelContext, withReasons: boolean): Characteristic {
  const baseline = [element, card].find((one) => one.attribute('baselineScore') !== undefined)?.number('baselineScore');
  if (withReasons && baseline === undefined) throw element.corrupt('has no baselineScore, which reason codes need');
  return {
    baseline: baseline ?? 0,
    attributes: element.all('Attribute').map((attribute) => {
      const reasonCode = attribute.attribute('reasonCode') ?? element.attribute('reasonCode');
      if (withReasons && reasonCode === undefined) throw attribute.corrupt('has no reasonCode');
      return { predicate: predicateOf(attribute, context.scope), score: scoreOf(attribute, context), ...(withReasons && reasonCode !== undefined ? { reasonCode } : {}) };
    }),
  };
}

function scoreOf(attribute: Element, { scope }: ModelContext): Compute<number | undefined> {
  const complex = attribute.child('ComplexPartialScore');
  if (!complex) {
    const score = attribute.number('partialScore');
    return () => score;
  }
  const expression = complex.children.find((child) => child.name !== 'Extension');
  if (!expression) throw complex.corrupt('has no expression');
  const { compute } = compileExpression(expression, scope);
  return (row) => {
    const value = compute(row);
    return value === undefined ? undefined : Number(value);
  };
}
