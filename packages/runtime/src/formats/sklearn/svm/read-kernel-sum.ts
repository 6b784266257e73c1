import type { RowNumbers } from '../estimator';
import type { FittedState } from '../fitted-state';
import { KernelSums } from './kernel-sums';
import { readKernel } from './read-kernel';
import { assertDense, readSupportVectors } from './support-vectors';

/** The weighted sum of similarities to the support vectors, plus the intercept: what a machine without classes computes. */
export function readKernelSum(state: FittedState): { readonly features: number; readonly sum: RowNumbers } {
  assertDense(state);
  const vectors = readSupportVectors(state);
  const kernel = readKernel(state, vectors);
  const coefficients = state.floats('_dual_coef_', [1, vectors.count]);
  const intercept = state.floats('_intercept_', [1])[0] as number;
  const sums = new KernelSums(kernel, vectors.count, [{ runs: [{ first: 0, coefficients }], intercept }]);
  return {
    features: vectors.features,
    sum: {
      columns: 1,
      flat: true,
      fill(input, out) {
        sums.each(input, (row, [sum]) => (out[row] = sum as number));
      },
    },
  };
}
