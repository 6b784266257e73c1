import { IsvcError } from 'cdk8s-kserve/api';
import type { Tensor, TensorData, TensorModel } from '../../model/tensor-model';
import type { Joint } from './batcher';

/** What of a request a model of tensors is asked in a batch: its headers and deadline are nobody's there. */
export interface TensorRequest {
  readonly inputs: readonly Tensor[];
  readonly outputs?: readonly string[];
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/**
 * Whether the first axis of every input and output is of any length, which is how a graph says that it takes a batch.
 * Models of one's own see headers and count themselves, so each request is theirs alone.
 */
export function takesBatches({ inputs, outputs, countsItself }: TensorModel): boolean {
  const specs = [...inputs, ...outputs];
  return !countsItself && inputs.length > 0 && outputs.length > 0 && specs.every(({ shape }) => shape[0] === -1);
}

export const tensorJoint: Joint<TensorRequest, readonly Tensor[]> = {
  rowsOf: ({ inputs }) => inputs[0]?.shape[0] ?? 1,
  keyOf({ inputs, outputs, parameters }) {
    const rows = inputs[0]?.shape[0];
    if (rows === undefined || rows === 0 || inputs.some(({ shape }) => shape[0] !== rows)) return undefined;
    const kinds = inputs.map(({ name, datatype, shape, data, parameters: own }) => [name, datatype, data.constructor.name, ...shape.slice(1), own ?? null]);
    return JSON.stringify([kinds, outputs ?? null, parameters ?? null]);
  },
  join(requests) {
    const [first] = requests;
    if (!first) throw new TypeError('a batch of nothing');
    const inputs = first.inputs.map((tensor, i) => {
      const parts = requests.map((request) => request.inputs[i] as Tensor);
      return { ...tensor, shape: [parts.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0), ...tensor.shape.slice(1)], data: joinData(parts.map(({ data }) => data)) };
    });
    return { ...first, inputs };
  },
  split(outputs, counts) {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const cut = outputs.map((tensor) => {
      const [rows, ...inner] = tensor.shape;
      if (rows !== total) throw new IsvcError('ISVC_INPUT_SHAPE', `the model gave ${rows ?? 'no'} rows of '${tensor.name}' for a batch of ${counts.join(' + ')}`);
      const width = inner.reduce((product, side) => product * side, 1);
      let at = 0;
      return counts.map((count): Tensor => {
        const from = at * width;
        at += count;
        return { ...tensor, shape: [count, ...inner], data: tensor.data.slice(from, at * width) };
      });
    });
    return counts.map((_, i) => cut.map((parts) => parts[i] as Tensor));
  },
};

function joinData(parts: readonly TensorData[]): TensorData {
  const [first] = parts;
  if (Array.isArray(first)) return (parts as readonly (readonly string[])[]).flat();
  const typed = parts as readonly Float64Array[];
  const joined = new (first?.constructor as Float64ArrayConstructor)(typed.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of typed) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
