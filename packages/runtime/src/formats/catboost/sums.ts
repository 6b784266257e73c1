import type { Matrix } from '../../model/model';
import { SingleRows } from '../boosting/single-rows';
import type { Features } from './features';
import type { Trees } from './trees';

const BLOCK_ROWS = 256;

/** The scaled sums of the trees, `bias.length` numbers a row. */
export function sumsOf(trees: Trees, { count, missingLargest }: Features, scale: number, bias: Float64Array): (input: Matrix) => Float64Array {
  const outputs = bias.length;
  const rows = new SingleRows({ features: count, allowsInfinity: true });
  return (input) => {
    const sums = new Float64Array(input.rows * outputs);
    for (let first = 0; first < input.rows; first += BLOCK_ROWS) {
      const end = Math.min(first + BLOCK_ROWS, input.rows);
      rows.load(input, first, end);
      if (rows.hasMissing) for (const column of missingLargest) raiseMissing(rows.values, column, count, end - first);
      trees.addTo(sums.subarray(first * outputs, end * outputs), rows.values, count, end - first);
    }
    for (let index = 0; index < sums.length; index++) sums[index] = scale * (sums[index] as number) + (bias[index % outputs] as number);
    return sums;
  };
}

/** NaN is not larger than any border, infinity is larger than every one. */
function raiseMissing(values: Float32Array, column: number, columns: number, rows: number): void {
  for (let row = 0; row < rows; row++) {
    const at = row * columns + column;
    if (Number.isNaN(values[at])) values[at] = Infinity;
  }
}
