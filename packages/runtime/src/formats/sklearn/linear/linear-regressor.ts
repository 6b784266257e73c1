import type { Regressor } from '../estimator';
import type { FittedState } from '../fitted-state';
import { regressorOf } from '../regressor-of';
import { affineScores, readAffine } from './affine';

/** Builds every regressor whose prediction is `coef_ . x + intercept_`. */
export function buildLinearRegressor(state: FittedState): Regressor {
  const affine = readAffine(state);
  return regressorOf(state, affine.features, affineScores(affine));
}

/** Generalized linear models: the exponential of the linear prediction where their link is the logarithm. */
export function buildLogLinkRegressor(state: FittedState): Regressor {
  return expOf(state);
}

/** `TweedieRegressor`, whose link follows from its power unless it was chosen. */
export function buildTweedieRegressor(state: FittedState): Regressor {
  const link = state.text('link') ?? 'auto';
  const logarithmic = link === 'log' || (link === 'auto' && state.number('power') > 0);
  return logarithmic ? expOf(state) : buildLinearRegressor(state);
}

function expOf(state: FittedState): Regressor {
  const affine = readAffine(state);
  const linear = affineScores(affine);
  return regressorOf(state, affine.features, {
    ...linear,
    fill(input, out) {
      linear.fill(input, out);
      for (let index = 0; index < out.length; index++) out[index] = Math.exp(out[index] as number);
    },
  });
}
