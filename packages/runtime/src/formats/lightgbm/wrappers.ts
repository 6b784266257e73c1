import { type WrappedBooster, wrappedClassifier, wrappedRegressor } from '../boosting/wrapper';
import { readClassLabels } from '../sklearn/class-labels';
import type { EstimatorBuilder } from '../sklearn/estimator';
import type { FittedState } from '../sklearn/fitted-state';
import { readBooster } from './build-booster';

/** LightGBM's classes that people pickle, by name. */
export const LIGHTGBM_ESTIMATORS: Readonly<Record<string, EstimatorBuilder>> = {
  Booster: (state) => wrappedRegressor(state, readHandle(state)),
  LGBMClassifier: (state) => wrappedClassifier(state, readWrapped(state), readClassLabels(state, '_classes')),
  LGBMRanker: buildRegressor,
  LGBMRegressor: buildRegressor,
};

function buildRegressor(state: FittedState): ReturnType<EstimatorBuilder> {
  return wrappedRegressor(state, readWrapped(state));
}

function readWrapped(state: FittedState): WrappedBooster {
  return readHandle(state.memberOf(state.value('_Booster'), '_Booster'));
}

/** The whole model as text, and the best round, which LightGBM itself stops at; 0 and -1 mean all. */
function readHandle(booster: FittedState): WrappedBooster {
  const best = booster.has('best_iteration') ? booster.integer('best_iteration', -1, 2 ** 31) : 0;
  // The name changed in 4.0.
  const bytes = booster.bytes(booster.has('_handle') ? '_handle' : 'handle');
  const read = readBooster(bytes, booster.file, best > 0 ? best : undefined);
  // Names that LightGBM made up for columns without any are nobody's to send.
  const isMadeUp = read.featureNames.every((name, column) => name === `Column_${column}`);
  return { datatype: 'FP64', ...read, featureNames: isMadeUp ? undefined : read.featureNames };
}
