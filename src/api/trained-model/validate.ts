import { checkMetadata } from '../check-metadata';
import { reporter } from '../inference-service/rules/report';
import { parseQuantity } from '../k8s/quantity';
import { SERVING_RUNTIME_API } from '../keys';
import { TRAINED_MODEL_KIND, manifestSchema } from '../kinds';
import type { Problem } from '../problem';
import { checkSchema } from '../schema/check-schema';
import type { TrainedModel } from './types';

const SCHEMA = manifestSchema(TRAINED_MODEL_KIND);
/** What the agent beside the server can fetch. */
export const TRAINED_MODEL_SCHEMES = ['s3://', 'gs://', 'https://', 'http://'] as const;

/** Everything that is wrong with a TrainedModel looked at alone. */
export function validateTrainedModel(model: TrainedModel): readonly Problem[] {
  const shape = [...checkMetadata(model.metadata), ...checkSchema(SCHEMA, model, '')];
  if (shape.some((p) => p.severity === 'error' && p.code !== 'ISVC_API_UNKNOWN_FIELD')) return shape;
  const problems = [...shape];
  const report = reporter(problems);
  const { storageUri, memory } = model.spec.model;
  if (!TRAINED_MODEL_SCHEMES.some((scheme) => storageUri.startsWith(scheme))) {
    report('spec.model.storageUri', `must start with ${TRAINED_MODEL_SCHEMES.join(', ')}, got "${storageUri}"`, 'the agent beside the server fetches nothing else');
  }
  const bytes = parseQuantity(memory);
  if (bytes !== undefined && bytes <= 0) report('spec.model.memory', `must be above 0, got "${String(memory)}"`, 'write e.g. 256Mi');
  return problems;
}

export function isTrainedModel(object: { readonly apiVersion: string; readonly kind: string }): boolean {
  return object.apiVersion === SERVING_RUNTIME_API && object.kind === 'TrainedModel';
}
