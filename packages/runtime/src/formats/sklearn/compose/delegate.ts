import type { Estimator, MemberBuilder } from '../estimator';
import type { FittedState } from '../fitted-state';

/** Searches over parameters answer as the best model they found. */
export function buildSearch(state: FittedState, build: MemberBuilder): Estimator {
  return build(state, state.value('best_estimator_'), 'best_estimator_');
}

/** `RANSACRegressor` and `SelfTrainingClassifier` answer as the model they ended with. */
export function buildDelegate(state: FittedState, build: MemberBuilder): Estimator {
  const attribute = state.has('estimator_') ? 'estimator_' : 'base_estimator_';
  return build(state, state.value(attribute), attribute);
}
