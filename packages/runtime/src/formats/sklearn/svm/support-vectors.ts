import { toFloat64 } from '../../numpy/elements';
import type { FittedState } from '../fitted-state';
import type { SupportVectors } from './kernel';

/** @throws IsvcError ISVC_MODEL_UNSUPPORTED for a machine fitted on a sparse matrix. */
export function assertDense(state: FittedState): void {
  if (state.flag('_sparse')) throw state.unsupported('was fitted on a sparse matrix', 'fit it on a dense array');
}

/** @throws IsvcError ISVC_MODEL_CORRUPT. */
export function readSupportVectors(state: FittedState): SupportVectors {
  const array = state.array('support_vectors_');
  const values = toFloat64(array);
  const [count, features] = array.shape;
  if (!values || array.shape.length !== 2 || count === undefined || features === undefined || features < 1) {
    throw state.corrupt('support_vectors_ must be a matrix of numbers');
  }
  if (state.has('n_features_in_')) state.integer('n_features_in_', features, features);
  return { count, features, values };
}
