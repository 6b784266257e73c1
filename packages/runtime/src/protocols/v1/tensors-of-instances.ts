import { IsvcError } from 'cdk8s-kserve/api';
import type { TensorSpec } from '../../model/model';
import type { Tensor, TensorModel } from '../../model/tensor-model';
import { jsonTensor } from '../../tensors/json-tensor';
import { readTensor } from '../../tensors/read-tensor';
import { writeNested } from '../../tensors/write-numbers';

/**
 * The instances of a V1 request as the tensors of a model: of one input, the instances themselves are the tensor; of several,
 * each instance is an object with a value for each input.
 *
 * @throws IsvcError ISVC_INPUT_INVALID.
 */
export function tensorsOfInstances(instances: readonly unknown[], { inputs }: TensorModel): readonly Tensor[] {
  const [only] = inputs;
  if (inputs.length === 1 && only && !isRecord(instances[0])) return [tensorOf(only, instances)];
  return inputs.map((input) => tensorOf(input, instances.map((instance, row) => {
    if (!isRecord(instance) || !Object.hasOwn(instance, input.name)) {
      throw new IsvcError('ISVC_INPUT_INVALID', `instances[${row}] has no "${input.name}"`, { hint: `send objects with ${inputs.map(({ name }) => `"${name}"`).join(', ')}` });
    }
    return instance[input.name];
  })));
}

/** Predictions of V1: of one output its rows, of several objects with a value for each. */
export function writePredictions(outputs: readonly Tensor[]): string {
  const tensors = outputs.map(jsonTensor);
  const [only] = tensors;
  if (tensors.length === 1 && only) return `{"predictions":${writeNested(only)}}`;
  const rows = only?.shape[0] ?? 0;
  if (tensors.some(({ shape }) => shape.length === 0 || shape[0] !== rows)) {
    const named = tensors.map((tensor) => `${JSON.stringify(tensor.name)}:${writeNested(tensor)}`);
    return `{"predictions":{${named.join(',')}}}`;
  }
  const columns = tensors.map((tensor) => ({ name: tensor.name, rows: JSON.parse(writeNested(tensor)) as unknown[] }));
  return JSON.stringify({ predictions: Array.from({ length: rows }, (_, row) => Object.fromEntries(columns.map((column) => [column.name, column.rows[row]]))) });
}

function tensorOf({ name, datatype, shape: wanted }: TensorSpec, values: readonly unknown[]): Tensor {
  const shape: number[] = [];
  for (let level: unknown = values; Array.isArray(level); level = level[0] as unknown) shape.push(level.length);
  // A column of bare values, for an input that has an axis of length 1 behind the rows.
  if (shape.length === 1 && wanted.length === 2 && (wanted[1] === 1 || wanted[1] === -1)) shape.push(1);
  return readTensor(name, datatype, shape, values);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
