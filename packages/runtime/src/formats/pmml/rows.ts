import { IsvcError, didYouMean } from 'cdk8s-kserve/api';
import type { Tensor } from '../../model/tensor-model';
import type { DataField } from './fields/data-dictionary';
import type { Value } from './fields/value';

/** One row of a request: a value by input of the document. */
export type InputRow = readonly Value[];

/**
 * Rows of V1 instances. Lists go by the order of the document's schema, values past its end are ignored and absent ones are
 * missing, as in KServe; objects go by name.
 * KServe differs: its server cannot take objects.
 *
 * @throws IsvcError ISVC_INPUT_INVALID naming the instance.
 */
export function rowsOfInstances(instances: readonly unknown[], inputs: readonly DataField[]): readonly InputRow[] {
  return instances.map((instance, i) => {
    if (Array.isArray(instance)) return inputs.map((_, column) => valueOf(instance[column], `instances[${i}][${column}]`));
    if (typeof instance !== 'object' || instance === null) return inputs.map((_, column) => (column === 0 ? valueOf(instance, `instances[${i}]`) : undefined));
    const record = instance as Readonly<Record<string, unknown>>;
    const names = Object.keys(record);
    if (names.length > 0 && !inputs.some(({ name }) => Object.hasOwn(record, name))) throw unknownField(names[0] as string, inputs, `instances[${i}]`);
    return inputs.map(({ name }) => (Object.hasOwn(record, name) ? valueOf(record[name], `instances[${i}].${name}`) : undefined));
  });
}

/**
 * Rows of V2 tensors: one table whose columns go by the order of the schema, or a column for each field, by name.
 *
 * @throws IsvcError ISVC_INPUT_INVALID, ISVC_INPUT_SHAPE.
 */
export function rowsOfTensors(tensors: readonly Tensor[], inputs: readonly DataField[]): readonly InputRow[] {
  const [only] = tensors;
  if (!only) throw new IsvcError('ISVC_INPUT_INVALID', 'the request has no inputs; expected at least one tensor');
  if (tensors.length === 1 && (only.shape.length === 2 || !inputs.some(({ name }) => name === only.name))) return rowsOfTable(only, inputs);
  const byName = new Map<string, Tensor>();
  for (const tensor of tensors) {
    if (byName.has(tensor.name)) throw new IsvcError('ISVC_INPUT_INVALID', `the request has input '${tensor.name}' twice`);
    if (!inputs.some(({ name }) => name === tensor.name)) throw unknownField(tensor.name, inputs, 'the request');
    byName.set(tensor.name, tensor);
  }
  const rows = only.data.length;
  for (const { name, data } of tensors) if (data.length !== rows) throw new IsvcError('ISVC_INPUT_SHAPE', `the inputs have different numbers of rows: ${rows}, and ${data.length} of '${name}'`);
  const columns = inputs.map(({ name }) => byName.get(name));
  return Array.from({ length: rows }, (_, row) => columns.map((column) => (column ? elementOf(column, row) : undefined)));
}

function rowsOfTable(tensor: Tensor, inputs: readonly DataField[]): readonly InputRow[] {
  const { name, shape } = tensor;
  if (shape.length > 2) throw new IsvcError('ISVC_INPUT_SHAPE', `input '${name}' has shape [${shape.join(',')}], a table has [rows,columns]`, { hint: `send shape [rows,${inputs.length}]` });
  // A plain list is one column of a document with one field, and otherwise one row.
  const columns = shape[1] ?? (inputs.length === 1 ? 1 : tensor.data.length);
  const rows = shape.length === 2 ? (shape[0] ?? 0) : inputs.length === 1 ? tensor.data.length : 1;
  return Array.from({ length: rows }, (_, row) => inputs.map((_field, column) => (column < columns ? elementOf(tensor, row * columns + column) : undefined)));
}

function elementOf({ data, datatype }: Tensor, index: number): Value {
  const element = data[index];
  if (element instanceof Uint8Array) return Buffer.from(element).toString('utf8');
  if (datatype === 'BOOL') return element === 1;
  return typeof element === 'bigint' ? Number(element) : element;
}

/** A bare value, or a list of one: the form that KServe's data frames need. */
function valueOf(value: unknown, where: string): Value {
  const bare: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (bare === null || bare === undefined) return undefined;
  if (typeof bare === 'string' || typeof bare === 'number' || typeof bare === 'boolean') return bare;
  throw new IsvcError('ISVC_INPUT_INVALID', `${where} is ${Array.isArray(bare) ? 'a list' : 'an object'}; a field takes text, a number or a boolean`);
}

function unknownField(name: string, inputs: readonly DataField[], where: string): IsvcError {
  const names = inputs.map((input) => input.name);
  const near = didYouMean(name, names);
  const listed = names.slice(0, 20).map((one) => `"${one}"`).join(', ');
  return new IsvcError('ISVC_INPUT_INVALID', `${where} names "${name.slice(0, 60)}", which the model has not; it has ${listed}${names.length > 20 ? ` and ${names.length - 20} more` : ''}${near === undefined ? '' : `; ${near}?`}`);
}
