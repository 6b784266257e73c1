import type { Estimator, MemberBuilder } from '../estimator';
import type { FittedState } from '../fitted-state';
import { buildSelectBySupport } from './feature-selection';
import { afterTransform } from './pipeline';

/** `RFE` and `RFECV`: the columns that are left, and the model that was fitted on them. */
export function buildRecursiveElimination(state: FittedState, build: MemberBuilder): Estimator {
  const selector = buildSelectBySupport(state);
  const inner = build(state, state.value('estimator_'), 'estimator_');
  const { transform, features, featureNames } = selector;
  if (inner.features !== transform.columns) throw state.corrupt(`estimator_ expects ${inner.features} columns and is given ${transform.columns}`);
  const predicting = afterTransform(inner, (input) => transform.apply(input), { features, ...(featureNames ? { featureNames } : {}), input: inner.input });
  return { ...predicting, name: state.estimator, transform };
}
