import { checkMetadata } from '../check-metadata';
import { ANNOTATION, INFERENCE_SERVICE_API } from '../keys';
import { INFERENCE_SERVICE_KIND, manifestSchema } from '../kinds';
import { MODE_ALIASES, parseMode, type DeploymentMode } from '../platform-config/types';
import type { Problem } from '../problem';
import { checkSchema } from '../schema/check-schema';
import { UNNAMED_CANARY } from './canary';
import { checkAutoscaling } from './rules/autoscaling';
import { checkCanaries } from './rules/canary';
import { checkBlockedEnv, checkExplainer, checkImplementation, checkTransformer, predictorContainers } from './rules/implementation';
import { checkMultiNode } from './rules/multi-node';
import { reporter, type Report } from './rules/report';
import { checkPredictorStorage, checkStorageUris } from './rules/storage';
import type { ComponentExtension, InferenceService } from './types';

const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const MAX_LABEL = 63;
const APP_LABEL_PREFIX = 'isvc.';
const AUTOSCALER_CLASSES = ['hpa', 'keda', 'external', 'none'];
const COMPONENTS = ['predictor', 'transformer', 'explainer'] as const;
const SCHEMA = manifestSchema(INFERENCE_SERVICE_KIND);

/**
 * Everything that is wrong with an InferenceService looked at alone, all at once. Covers the schema, unknown fields
 * included, and the rules of KServe's webhook.
 *
 * @param platformMode mode of services that name none; without it, rules that hang on the mode are left out for them.
 */
export function validateInferenceService(service: InferenceService, platformMode?: DeploymentMode): readonly Problem[] {
  const shape = [...checkMetadata(service.metadata), ...checkSchema(SCHEMA, service, '')];
  // The rules below read typed fields; on a wrong shape they would only repeat what the schema has said.
  if (shape.some((p) => p.severity === 'error' && p.code !== 'ISVC_API_UNKNOWN_FIELD')) return shape;
  const problems = [...shape];
  const report = reporter(problems);
  const { predictor, transformer, explainer } = service.spec;
  const annotations = service.metadata.annotations ?? {};
  const mode = parseMode(annotations[ANNOTATION.deploymentMode] ?? '') ?? platformMode;
  checkName(service, mode, report);
  checkAnnotations(service, report);
  checkImplementation(predictor, 'spec.predictor', report);
  if (transformer) checkTransformer(transformer, report);
  if (explainer) checkExplainer(explainer, report);
  for (const component of COMPONENTS) {
    const spec = service.spec[component];
    if (!spec) continue;
    checkAutoscaling(spec, `spec.${component}`, { ...annotations, ...spec.annotations }, mode, report);
    checkLogger(spec, `spec.${component}.logger`, report);
  }
  checkPredictorStorage(predictor, 'spec.predictor', report);
  checkStorageUris(transformer?.storageUris, 'spec.transformer.storageUris', report);
  checkStorageUris(explainer?.storageUris, 'spec.explainer.storageUris', report);
  for (const [path, containers] of containersOf(service)) checkBlockedEnv(containers, path, report);
  checkMultiNode(predictor, { ...annotations, ...predictor.annotations }, mode, report);
  checkCanaries(service, mode, report);
  return problems;
}

function containersOf(service: InferenceService): ReturnType<typeof predictorContainers> {
  const { predictor, transformer, explainer } = service.spec;
  return [
    ...predictorContainers(predictor, 'spec.predictor'),
    ['spec.transformer.containers', transformer?.containers ?? []],
    ['spec.transformer.initContainers', transformer?.initContainers ?? []],
    ['spec.explainer.containers', explainer?.containers ?? []],
    ['spec.explainer.initContainers', explainer?.initContainers ?? []],
    ['spec.explainer.art', explainer?.art ? [{ ...explainer.art, name: 'art' }] : []],
  ];
}

/** A logger into a bucket needs to know the bucket's path, its options and its key; KServe also asks for a mode, though it documents a default. */
function checkLogger(spec: ComponentExtension, path: string, report: Report): void {
  const storage = spec.logger?.storage;
  if (!storage) return;
  const missing = (['path', 'parameters', 'key'] as const).filter((field) => storage[field] === undefined);
  if (missing.length > 0) report(`${path}.storage`, `lacks ${missing.join(', ')}`, 'set path, parameters and key of where the log is written', 'ISVC_API_REQUIRED');
}

function checkName(service: InferenceService, mode: DeploymentMode | undefined, report: Report): void {
  const { name } = service.metadata;
  if (typeof name !== 'string' || !NAME.test(name)) {
    report('metadata.name', `must start with a letter and hold only lower case letters, digits and "-", got ${JSON.stringify(name)}`);
    return;
  }
  // In raw mode the pods' label is the child's name behind "isvc.", and label values have the same limit.
  const allowed = mode === 'Standard' ? MAX_LABEL - APP_LABEL_PREFIX.length : MAX_LABEL;
  const child = childNames(service).reduce((longest, c) => (c.length > longest.length ? c : longest));
  if (child.length > allowed) {
    report('metadata.name', `is too long: its child "${child}" has ${child.length} characters, ${allowed} are allowed`, `use at most ${Math.max(allowed - (child.length - name.length), 1)} characters`);
  }
}

/** Names of the objects whose length follows from the service's name. */
function childNames(service: InferenceService): readonly [string, ...string[]] {
  const { predictor, transformer, explainer } = service.spec;
  const versions = ['', ...canaryNames(service.spec.canary)].map((v) => (v === '' ? '' : `-${v}`));
  const { name } = service.metadata;
  const stable = `${name}${predictor.name ? `-${predictor.name}` : ''}-predictor`;
  return [
    stable,
    ...(predictor.workerSpec ? [`${name}-predictor-worker`] : []),
    ...versions.slice(1).map((v) => `${name}${v}-predictor`),
    ...versions.flatMap((v) => [...(transformer ? [`${name}${v}-transformer`] : []), ...(explainer ? [`${name}${v}-explainer`] : [])]),
  ];
}

/** The canaries' names as far as they can be read; their shape is checked elsewhere. */
function canaryNames(canary: unknown): readonly string[] {
  const entries: readonly unknown[] = canary === undefined ? [] : Array.isArray(canary) ? canary : [canary];
  return entries.map((entry) => {
    const name = (entry as { readonly predictor?: { readonly name?: unknown } } | null)?.predictor?.name;
    return typeof name === 'string' ? name : UNNAMED_CANARY;
  });
}

function checkAnnotations(service: InferenceService, report: Report): void {
  const annotations = service.metadata.annotations ?? {};
  const mode = annotations[ANNOTATION.deploymentMode];
  if (mode !== undefined && !parseMode(mode)) {
    report(`metadata.annotations["${ANNOTATION.deploymentMode}"]`, `must be one of ${Object.keys(MODE_ALIASES).join(', ')}, got "${mode}"`);
  }
  const initialScale = annotations[ANNOTATION.knativeInitialScale];
  if (initialScale !== undefined && !/^\d+$/.test(initialScale)) {
    report(`metadata.annotations["${ANNOTATION.knativeInitialScale}"]`, `must be an integer >= 0, got "${initialScale}"`, 'KServe drops it in silence');
  }
  const scaler = annotations[ANNOTATION.autoscalerClass];
  if (scaler !== undefined && !AUTOSCALER_CLASSES.includes(scaler)) {
    report(`metadata.annotations["${ANNOTATION.autoscalerClass}"]`, `must be one of ${AUTOSCALER_CLASSES.join(', ')}, got "${scaler}"`);
  }
}

/** Whether a manifest claims to be an InferenceService. */
export function isInferenceService(object: { readonly apiVersion: string; readonly kind: string }): boolean {
  return object.apiVersion === INFERENCE_SERVICE_API && object.kind === 'InferenceService';
}
