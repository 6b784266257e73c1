import type { Matrix } from '../../../model/model';
import type { Classifier } from '../estimator';
import { largestOf } from '../scores/largest-of';
import { BLOCK_ROWS, type LazyTree, treeSum } from './tree-sum';

/** Numbers of scratch memory kept for the next call; a wider model allocates for each call. */
const KEPT_NUMBERS = 1 << 16;

/** The mean of the trees' probabilities, and the class for which it is largest. */
export function treeVote(trees: readonly LazyTree[], classes: number): Pick<Classifier, 'classify' | 'probabilities'> {
  const count = trees.length;
  const kept = new Float64Array(Math.min(BLOCK_ROWS * classes, KEPT_NUMBERS));
  const sum = treeSum(trees, { width: classes, columns: classes });

  /** Writes the probabilities of the rows from `first` up to `end` to the front of `out`. */
  const average = (input: Matrix, first: number, end: number, out: Float64Array): void => {
    const size = (end - first) * classes;
    out.fill(0, 0, size);
    sum(input, first, end, out);
    // Divided at the end, so that even ties fall as in scikit-learn.
    for (let index = 0; index < size; index++) out[index] = (out[index] as number) / count;
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
