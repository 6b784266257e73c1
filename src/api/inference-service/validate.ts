import { ANNOTATION, CONTAINER, INFERENCE_SERVICE_API } from '../keys';
import { INFERENCE_SERVICE_KIND, manifestSchema } from '../kinds';
import type { Container } from '../k8s/pod';
import { MODE_ALIASES, parseMode } from '../platform-config/types';
import type { Problem } from '../problem';
import { checkSchema } from '../schema/check-schema';
import { SHORTHAND_FORMATS, type ComponentExtension, type InferenceService, type PredictorSpec } from './types';

const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const MAX_LABEL = 63;
const AUTOSCALER_CLASSES = ['hpa', 'keda', 'external', 'none'];
const SCHEMA = manifestSchema(INFERENCE_SERVICE_KIND);

/**
 * Everything that is wrong with an InferenceService looked at alone, all at once. Covers the schema, unknown fields
 * included, and the rules of KServe's webhook that concern what this version renders.
 */
export function validateInferenceService(service: InferenceService): readonly Problem[] {
  const shape = checkSchema(SCHEMA, service, '');
  // The rules below read typed fields; on a wrong shape they would only repeat what the schema has said.
  if (shape.some((p) => p.severity === 'error' && p.code !== 'ISVC_API_UNKNOWN_FIELD')) return shape;
  const problems = [...shape];
  const report = (path: string, message: string, hint?: string, code: Problem['code'] = 'ISVC_API_INVALID_VALUE'): void => {
    problems.push({ code, severity: 'error', path, message, ...(hint ? { hint } : {}) });
  };
  checkName(service, report);
  checkAnnotations(service, report);
  checkImplementation(service.spec.predictor, report);
  for (const component of ['predictor', 'transformer', 'explainer'] as const) {
    const spec = service.spec[component];
    if (!spec) continue;
    checkReplicas(spec, `spec.${component}`, report);
    checkBlockedEnv(spec.containers ?? [], `spec.${component}.containers`, report);
  }
  return problems;
}

type Report = (path: string, message: string, hint?: string, code?: Problem['code']) => void;

function checkName(service: InferenceService, report: Report): void {
  const { name } = service.metadata;
  if (typeof name !== 'string' || !NAME.test(name)) {
    report('metadata.name', `must start with a letter and hold only lower case letters, digits and "-", got ${JSON.stringify(name)}`);
    return;
  }
  const child = `${name}-predictor`;
  if (child.length > MAX_LABEL) {
    report('metadata.name', `is too long: its child "${child}" has ${child.length} characters, ${MAX_LABEL} are allowed`, `use at most ${MAX_LABEL - '-predictor'.length} characters`);
  }
}

function checkAnnotations(service: InferenceService, report: Report): void {
  const annotations = service.metadata.annotations ?? {};
  const mode = annotations[ANNOTATION.deploymentMode];
  if (mode !== undefined && !parseMode(mode)) {
    report(`metadata.annotations["${ANNOTATION.deploymentMode}"]`, `must be one of ${Object.keys(MODE_ALIASES).join(', ')}, got "${mode}"`);
  }
  const scaler = annotations[ANNOTATION.autoscalerClass];
  if (scaler !== undefined && !AUTOSCALER_CLASSES.includes(scaler)) {
    report(`metadata.annotations["${ANNOTATION.autoscalerClass}"]`, `must be one of ${AUTOSCALER_CLASSES.join(', ')}, got "${scaler}"`);
  }
}

/** The "exactly one implementation" rule: a model, one older spelling, or a custom container. */
function checkImplementation(predictor: PredictorSpec, report: Report): void {
  const given: string[] = SHORTHAND_FORMATS.filter((f) => predictor[f] !== undefined);
  if (predictor.model) given.push('model');
  const containers = predictor.containers ?? [];
  if (containers.some((c) => c.name === CONTAINER.server) || (given.length === 0 && containers.length > 0)) given.push('containers');
  if (given.length === 0) {
    report('spec.predictor', 'says no model: exactly one of model, containers or a format name is needed', 'add model: {modelFormat: {name: sklearn}, storageUri: ...}', 'ISVC_API_EXACTLY_ONE');
  } else if (given.length > 1) {
    report('spec.predictor', `says its model ${given.length} times (${given.join(', ')}); exactly one is allowed`, `keep one of ${given.join(', ')}`, 'ISVC_API_EXACTLY_ONE');
  }
  if (containers.length > 1 && given.includes('containers') && !containers.some((c) => c.name === CONTAINER.server)) {
    report('spec.predictor.containers', `none of ${containers.map((c) => `"${c.name}"`).join(', ')} is called ${CONTAINER.server}`, `name the model server ${CONTAINER.server}`);
  }
  for (const field of ['model', ...SHORTHAND_FORMATS] as const) {
    const extension = predictor[field];
    if (!extension) continue;
    const path = `spec.predictor.${field}`;
    if (extension.name !== undefined) report(`${path}.name`, `is not allowed: the container is always called ${CONTAINER.server}`, 'remove it');
    if (extension.storageUri && predictor.storageUris) report(path, 'storageUri and storageUris cannot both be set', 'keep one of them');
    if (extension.storageUri && extension.storage?.path) report(path, 'storageUri and storage.path cannot both be set', 'keep one of them');
    checkBlockedEnv([{ name: field, ...(extension.env ? { env: extension.env } : {}) }], path, report);
  }
}

function checkReplicas(spec: ComponentExtension, path: string, report: Report): void {
  const min = spec.minReplicas ?? 1;
  const max = spec.maxReplicas ?? 0;
  if (max !== 0 && min > max) {
    report(`${path}.maxReplicas`, `must not be below minReplicas (${min}), got ${max}`, 'raise maxReplicas or lower minReplicas');
  }
}

/** PYTHONPATH in a model server would let an environment variable replace its code. */
function checkBlockedEnv(containers: readonly Container[], path: string, report: Report): void {
  for (const container of containers) {
    if (container.env?.some((e) => e.name === 'PYTHONPATH')) {
      report(path, `sets env PYTHONPATH in container ${container.name}, which is not allowed`, 'remove it');
    }
  }
}

/** Whether a manifest claims to be an InferenceService. */
export function isInferenceService(object: { readonly apiVersion: string; readonly kind: string }): boolean {
  return object.apiVersion === INFERENCE_SERVICE_API && object.kind === 'InferenceService';
}
