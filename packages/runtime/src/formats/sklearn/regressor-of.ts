import { FINITE, type InputRule, type Regressor, type RowNumbers } from './estimator';
import { readFeatureNames } from './feature-names';
import type { FittedState } from './fitted-state';

/** A regressor that answers `values`. */
export function regressorOf(state: FittedState, features: number, values: RowNumbers, input: InputRule = FINITE): Regressor {
  return { kind: 'regressor', name: state.estimator, features, ...readFeatureNames(state, features), input, datatype: 'FP64', values };
}
