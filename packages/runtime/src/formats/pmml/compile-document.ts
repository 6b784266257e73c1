import { IsvcError } from 'cdk8s-kserve/api';
import { type DataField, readDataDictionary } from './fields/data-dictionary';
import type { Row } from './fields/row';
import { Document, Scope } from './fields/scope';
import type { DataType, Present, Value } from './fields/value';
import { compileRootModel } from './compile-model';
import type { Element } from './xml/element';

/** Key of the prediction where a document names no target. */
const NAMELESS_TARGET = '_target';

/** A field of the answer. */
export interface AnswerField {
  readonly name: string;
  readonly dataType: DataType;
}

/** A PMML document made ready to run. */
export interface CompiledDocument {
  /** Name of the model's element, such as `MiningModel`. */
  readonly model: string;
  /** Fields of a request, in the order of the model's schema. */
  readonly inputs: readonly DataField[];
  /** The target first, then the outputs. */
  readonly answers: readonly AnswerField[];
  readonly classes: readonly Present[];
  /**
   * @param values by input; `undefined` is missing.
   * @returns values by answer field.
   * @throws IsvcError ISVC_INPUT_INVALID for a value that the document does not allow.
   */
  evaluate(values: readonly Value[]): readonly Value[];
}

/** @throws IsvcError ISVC_MODEL_CORRUPT, ISVC_MODEL_UNSUPPORTED. */
export function compileDocument(root: Element): CompiledDocument & { readonly element: Element } {
  if (root.name !== 'PMML') throw root.corrupt('is the outermost element, which must be PMML');
  const document = new Document();
  const scope = new Scope(document);
  const dictionary = readDataDictionary(root);
  const { element, inputs, results, target, functionName, evaluate } = compileRootModel(root, dictionary, scope);
  const slots = inputs.map(({ slot }) => slot);
  const prepares = inputs.map(({ prepare }) => prepare);
  const named = target ?? (results.length === 0 ? { name: NAMELESS_TARGET, dataType: 'string' as const, values: [] } : undefined);
  const answers: AnswerField[] = [
    // A mean of whole numbers is no whole number.
    ...(named ? [{ name: named.name, dataType: functionName === 'regression' && named.dataType === 'integer' ? ('double' as const) : named.dataType }] : []),
    ...results.map(({ field }) => ({ name: field.name, dataType: field.dataType })),
  ];
  return {
    element,
    model: element.name,
    inputs: inputs.map(({ data }) => data),
    answers,
    classes: functionName === 'classification' ? (target?.values ?? []) : [],
    evaluate(values) {
      const row: Row = new Array<Value | null>(document.rowLength).fill(null);
      slots.forEach((slot, i) => { row[slot] = (prepares[i] as (value: Value) => Value)(values[i]); });
      const { value } = evaluate(row);
      if (typeof value === 'number' && Number.isNaN(value)) throw new IsvcError('ISVC_INPUT_INVALID', 'the model computes no number for these values');
      return [...(named ? [value] : []), ...results.map(({ field }) => field.read(row))];
    },
  };
}
