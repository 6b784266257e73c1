import type { RowNumbers } from '../estimator';
import type { FittedState } from '../fitted-state';
import { readKernel } from './kernel';
import { assertDense, readSupportVectors } from './support-vectors';

/** The weighted sum of similarities to the support vectors, plus the intercept: what a machine without classes computes. */
export function readKernelSum(state: FittedState): { readonly features: number; readonly sum: RowNumbers } {
  assertDense(state);
  const vectors = readSupportVectors(state);
  const kernel = readKernel(state, vectors);
  const coefficients = state.floats('_dual_coef_', [1, vectors.count]);
  const intercept = state.floats('_intercept_', [1])[0] as number;
  const similarities = new Float64Array(vectors.count);
  return {
    features: vectors.features,
    sum: {
      columns: 1,
      flat: true,
      fill({ rows, columns, data }, out) {
        for (let row = 0; row < rows; row++) {
          kernel(data, row * columns, similarities);
          let sum = 0;
          for (let vector = 0; vector < similarities.length; vector++) sum += (coefficients[vector] as number) * (similarities[vector] as number);
          out[row] = sum + intercept;
        }
      },
    },
  };
}
