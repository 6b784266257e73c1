import type { Matrix } from '../../../model/model';
import type { Classifier } from '../estimator';
import type { PackedTrees } from './packed-trees';

/** Rows walked through one tree before the next: enough that the tree stays in the cache, few enough that the rows do. */
const BLOCK_ROWS = 256;

/** Numbers of scratch memory kept for the next call; a wider model allocates for each call. */
const KEPT_NUMBERS = 1 << 16;

/** The mean of the trees' probabilities, and the class for which it is largest. */
export function treeVote(trees: PackedTrees): Pick<Classifier, 'classify' | 'probabilities'> {
  const { classes } = trees;
  const kept = new Float64Array(Math.min(BLOCK_ROWS * classes, KEPT_NUMBERS));
  let row: Float32Array = new Float32Array(0);

  /** Inputs of a block in single precision; one row, the usual request, reuses its array. */
  const singlePrecision = (data: Float64Array, first: number, end: number, columns: number): Float32Array => {
    if (end - first > 1) return Float32Array.from(data.subarray(first * columns, end * columns));
    if (row.length !== columns) row = new Float32Array(columns);
    for (let column = 0; column < columns; column++) row[column] = data[first * columns + column] as number;
    return row;
  };

  /** Writes the probabilities of the rows from `first` up to `end` to the front of `out`. */
  const average = ({ columns, data }: Matrix, first: number, end: number, out: Float64Array): void => {
    const rows = end - first;
    const inputs = singlePrecision(data, first, end, columns);
    out.fill(0, 0, rows * classes);
    // Summed in the order of the trees and divided at the end, so that even ties fall as in scikit-learn.
    for (let tree = 0; tree < trees.count; tree++) addTree(trees, tree, inputs, columns, rows, out);
    for (let index = 0; index < rows * classes; index++) out[index] = (out[index] as number) / trees.count;
  };

  return {
    classify(input, out) {
      const scores = kept.length >= Math.min(input.rows, BLOCK_ROWS) * classes ? kept : new Float64Array(BLOCK_ROWS * classes);
      for (let first = 0; first < input.rows; first += BLOCK_ROWS) {
        const end = Math.min(first + BLOCK_ROWS, input.rows);
        average(input, first, end, scores);
        for (let index = first; index < end; index++) out[index] = largestOf(scores, (index - first) * classes, classes);
      }
    },
    probabilities(input, out) {
      for (let first = 0; first < input.rows; first += BLOCK_ROWS) {
        average(input, first, Math.min(first + BLOCK_ROWS, input.rows), out.subarray(first * classes));
      }
    },
  };
}

function addTree(trees: PackedTrees, tree: number, inputs: Float32Array, columns: number, rows: number, out: Float64Array): void {
  const { classes, leafProbabilities } = trees;
  for (let row = 0; row < rows; row++) {
    const leaf = trees.leafOf(tree, inputs, row * columns) * classes;
    const score = row * classes;
    for (let index = 0; index < classes; index++) {
      out[score + index] = (out[score + index] as number) + (leafProbabilities[leaf + index] as number);
    }
  }
}

/** Index of the largest of `count` values from `start` on; of equal ones the first. */
function largestOf(values: Float64Array, start: number, count: number): number {
  let best = 0;
  for (let index = 1; index < count; index++) {
    if ((values[start + index] as number) > (values[start + best] as number)) best = index;
  }
  return best;
}
