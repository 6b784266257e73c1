import type { ServableModel } from '../../model/tensor-model';
import { asClassifier } from './booster-classifier';
import type { MlflowModel } from './mlmodel';
import { SignedModel } from './signed-model';

/** A model that was read as MLflow serves it: labels of classifiers, the signature enforced. A graph's own types are stricter. */
export function signed(model: ServableModel, { modelClass, signature }: Pick<MlflowModel, 'modelClass' | 'signature'>): ServableModel {
  if ('kind' in model) return model;
  const answering = asClassifier(model, modelClass);
  return signature ? new SignedModel(answering, signature) : answering;
}
