import { IsvcError } from 'cdk8s-kserve/api';
import type { Matrix, OutputTensor } from '../../model/model';
import type { Joint } from './batcher';

/** Rows of one width; those with text cells go alone. */
export const matrixJoint: Joint<Matrix, OutputTensor> = {
  rowsOf: ({ rows }) => rows,
  keyOf: ({ columns, texts }) => (texts ? undefined : String(columns)),
  join: joinRows,
  split: splitRows,
};

/** Rows of several matrices of one width below each other. */
export function joinRows(inputs: readonly Matrix[]): Matrix {
  const rows = inputs.reduce((sum, input) => sum + input.rows, 0);
  const columns = inputs[0]?.columns ?? 0;
  const data = new Float64Array(rows * columns);
  let at = 0;
  for (const input of inputs) {
    data.set(input.data, at);
    at += input.data.length;
  }
  return { rows, columns, data };
}

/**
 * An output cut into those of its requests.
 *
 * @throws IsvcError ISVC_INPUT_SHAPE for an output that does not have a row for each row of the input.
 */
export function splitRows(output: OutputTensor, counts: readonly number[]): readonly OutputTensor[] {
  const [rows = 0, ...inner] = output.shape;
  if (rows !== counts.reduce((sum, count) => sum + count, 0)) {
    throw new IsvcError('ISVC_INPUT_SHAPE', `the model gave ${rows} rows for a batch of ${counts.join(' + ')}`);
  }
  const width = inner.reduce((product, side) => product * side, 1);
  let at = 0;
  return counts.map((count) => {
    const from = at * width;
    at += count;
    return { ...output, shape: [count, ...inner], data: output.data.slice(from, at * width) };
  });
}
