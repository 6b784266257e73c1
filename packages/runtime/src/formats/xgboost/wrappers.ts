import { parseNumber } from '../numpy/parse-number';
import { MAX_OUTPUTS } from '../boosting/bounds';
import { type WrappedBooster, wrappedClassifier, wrappedRegressor } from '../boosting/wrapper';
import { type ClassLabels, integerLabels, readClassLabels } from '../sklearn/class-labels';
import type { EstimatorBuilder } from '../sklearn/estimator';
import type { FittedState } from '../sklearn/fitted-state';
import { buildBooster } from './build-booster';
import { readEnsemble } from './read-ensemble';

/** XGBoost's classes that people pickle, by name. */
export const XGBOOST_ESTIMATORS: Readonly<Record<string, EstimatorBuilder>> = {
  Booster: (state) => wrappedRegressor(state, readHandle(state, { allowsInfinity: false })),
  XGBClassifier: buildClassifier,
  XGBRFClassifier: buildClassifier,
  XGBRFRegressor: buildRegressor,
  XGBRanker: buildRegressor,
  XGBRegressor: buildRegressor,
};

function buildRegressor(state: FittedState): ReturnType<EstimatorBuilder> {
  return wrappedRegressor(state, readWrapped(state));
}

function buildClassifier(state: FittedState): ReturnType<EstimatorBuilder> {
  return wrappedClassifier(state, readWrapped(state), readLabels(state));
}

/** Before 1.6 a label encoder, then an array of the numbers 0 and up, since 2.0 nothing but their count. */
function readLabels(state: FittedState): ClassLabels {
  if (state.has('_le')) return readClassLabels(state.memberOf(state.value('_le'), '_le'));
  if (state.has('classes_')) return readClassLabels(state);
  return integerLabels(Array.from({ length: state.integer('n_classes_', 2, MAX_OUTPUTS) }, (_, label) => label));
}

/** The booster of a wrapper: it stops at the best round, and may have a number of its own for missing values. */
function readWrapped(state: FittedState): WrappedBooster {
  const missing = state.has('missing') ? parseNumber(state.value('missing')) : undefined;
  return readHandle(state.memberOf(state.value('_Booster'), '_Booster'), {
    allowsInfinity: true,
    missing: missing === undefined || Number.isNaN(missing) ? undefined : Math.fround(missing),
    stopsAtBest: true,
  });
}

function readHandle(booster: FittedState, options: Parameters<typeof buildBooster>[2]): WrappedBooster {
  const ensemble = readEnsemble(booster.bytes('handle'), booster.file);
  // Wrappers take the class from the probabilities; the booster itself would answer nothing but the class.
  const objective = options.stopsAtBest === true && ensemble.objective === 'multi:softmax' ? 'multi:softprob' : ensemble.objective;
  return { datatype: 'FP32', ...buildBooster({ ...ensemble, objective }, booster.file, options) };
}
