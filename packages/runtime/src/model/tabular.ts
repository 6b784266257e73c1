import { IsvcError } from 'cdk8s-kserve/api';
import type { Model } from './model';
import type { ServableModel } from './tensor-model';

/**
 * A model that must be one of a matrix.
 *
 * @throws IsvcError ISVC_MODEL_UNSUPPORTED for one of named tensors.
 */
export function tabular(model: ServableModel | Promise<ServableModel>): Model {
  if (!(model instanceof Promise) && !('kind' in model)) return model;
  throw new IsvcError('ISVC_MODEL_UNSUPPORTED', 'the model takes named tensors; a table of numbers is needed here', { hint: 'use a scikit-learn, XGBoost, LightGBM or CatBoost model' });
}
