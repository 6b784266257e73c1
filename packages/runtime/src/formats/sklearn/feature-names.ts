import { toStrings } from '../numpy/elements';
import type { FittedState } from './fitted-state';

/** `feature_names_in_`, which an estimator has when it was fitted on named columns, as many as it has features. */
export function readFeatureNames(state: FittedState, features: number): { readonly featureNames?: readonly string[] } {
  if (!state.has('feature_names_in_')) return {};
  const featureNames = toStrings(state.array('feature_names_in_'));
  if (!featureNames || featureNames.length !== features) throw state.corrupt(`feature_names_in_ must be ${features} names`);
  return { featureNames };
}
