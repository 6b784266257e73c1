import { integerLabels } from '../class-labels';
import { type Classifier, FINITE } from '../estimator';
import type { FittedState } from '../fitted-state';
import { classifierFromScores } from '../scores/classifier-from-scores';
import { softmax } from '../scores/links';

/** Squared distance of a row to a component in units of its covariance, and half the logarithm of its precision. */
interface Component {
  readonly logDeterminant: number;
  readonly distance: (row: Float64Array) => number;
}

/** `GaussianMixture`: the likeliest component, in any of the four forms of covariance. */
export function buildGaussianMixture(state: FittedState): Classifier {
  return mixtureOf(state, state.vector('weights_', state.matrix('means_').rows).map(Math.log));
}

/** @param logWeights of each component, with all that does not depend on the row. */
export function mixtureOf(state: FittedState, logWeights: Float64Array): Classifier {
  const { rows: count, columns, values: means } = state.matrix('means_');
  const features = state.features(columns);
  const components = readComponents(state, count, features);
  const centered = new Float64Array(features);
  const labels = integerLabels(Array.from({ length: count }, (_, index) => index));
  const constant = features * Math.log(2 * Math.PI);
  return classifierFromScores(state, features, {
    labels,
    input: FINITE,
    link: softmax,
    hasDecision: false,
    scores: {
      columns: count,
      flat: false,
      fill({ rows, data }, out) {
        for (let row = 0; row < rows; row++) {
          components.forEach(({ logDeterminant, distance }, index) => {
            for (let feature = 0; feature < features; feature++) centered[feature] = (data[row * features + feature] as number) - (means[index * features + feature] as number);
            out[row * count + index] = -0.5 * (constant + distance(centered)) + logDeterminant + (logWeights[index] as number);
          });
        }
      },
    },
  });
}

function readComponents(state: FittedState, count: number, features: number): readonly Component[] {
  const type = state.text('covariance_type');
  const every = (make: (index: number) => Component): readonly Component[] => Array.from({ length: count }, (_, index) => make(index));
  switch (type) {
    case 'full': {
      const factors = state.floats('precisions_cholesky_', [count, features, features]);
      return every((index) => triangular(factors.subarray(index * features * features, (index + 1) * features * features), features));
    }
    case 'tied': {
      const shared = triangular(state.floats('precisions_cholesky_', [features, features]), features);
      return every(() => shared);
    }
    case 'diag': {
      const factors = state.floats('precisions_cholesky_', [count, features]);
      return every((index) => diagonal(factors.subarray(index * features, (index + 1) * features)));
    }
    case 'spherical': {
      const factors = state.floats('precisions_cholesky_', [count]);
      return every((index) => diagonal(new Float64Array(features).fill(factors[index] as number)));
    }
    default:
      throw state.corrupt('covariance_type is none of full, tied, diag, spherical');
  }
}

function triangular(factor: Float64Array, features: number): Component {
  let logDeterminant = 0;
  for (let index = 0; index < features; index++) logDeterminant += Math.log(factor[index * features + index] as number);
  return {
    logDeterminant,
    distance(row) {
      let total = 0;
      for (let column = 0; column < features; column++) {
        let sum = 0;
        for (let index = 0; index < features; index++) sum += (row[index] as number) * (factor[index * features + column] as number);
        total += sum * sum;
      }
      return total;
    },
  };
}

function diagonal(factor: Float64Array): Component {
  return {
    logDeterminant: factor.reduce((sum, value) => sum + Math.log(value), 0),
    distance: (row) => row.reduce((total, value, index) => total + (value * (factor[index] as number)) ** 2, 0),
  };
}
