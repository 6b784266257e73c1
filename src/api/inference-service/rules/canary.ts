import type { DeploymentMode } from '../../platform-config/types';
import { checkSchema } from '../../schema/check-schema';
import { isCanaryList, rolloutOf, type CanaryVariant } from '../canary';
import { canaryEntrySchema, olderCanarySchema } from '../schema';
import { SHORTHAND_FORMATS, type InferenceService, type PredictorSpec } from '../types';
import { checkBlockedEnv, checkImplementation, predictorContainers } from './implementation';
import { checkPredictorStorage } from './storage';
import type { Report } from './report';

const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
/** Fields of a canary that would contradict its fixed number of replicas. */
const NOT_IN_A_CANARY = ['workerSpec', 'maxReplicas', 'scaleTarget', 'scaleMetric', 'autoScaling'] as const satisfies readonly (keyof PredictorSpec)[];

/** Names, shares and fields of canaries, in all three spellings. */
export function checkCanaries(service: InferenceService, mode: DeploymentMode | undefined, report: Report): void {
  const { canary, canaryTrafficPercent, shadow, predictor } = service.spec;
  if (canary === undefined) {
    if (canaryTrafficPercent !== undefined) report('spec.canaryTrafficPercent', 'has no canary to send traffic to', 'add spec.canary.predictor, or set spec.predictor.canaryTrafficPercent in serverless mode');
    if (shadow !== undefined) report('spec.shadow', 'has no canary to mirror traffic to', 'add spec.canary');
    if (mode === 'Standard' && predictor.canaryTrafficPercent !== undefined) {
      report('spec.predictor.canaryTrafficPercent', 'splits traffic between Knative revisions, which raw mode has not', 'name the new version in spec.canary[] with its trafficPercent');
    }
    return;
  }
  if (!isWellFormed(canary, predictor, report)) return;
  if (isCanaryList(canary) && canaryTrafficPercent !== undefined) report('spec.canaryTrafficPercent', 'belongs to the older form of spec.canary, which is not a list', 'set trafficPercent of each canary');
  if (mode === 'Knative') {
    report('spec.canary', 'is for raw mode; in serverless mode a canary is the next revision of the predictor', 'change spec.predictor itself and set spec.predictor.canaryTrafficPercent');
    return;
  }
  if (predictor.workerSpec) report('spec.canary', 'is not possible for a model on several nodes', 'deploy the new version as a service of its own');
  const rollout = rolloutOf(service);
  if (rollout.kind !== 'variants') return;
  checkVariants(rollout.variants, rollout.shadow, service, report);
}

/** The schema leaves `canary` open for its two forms, so what the rules read is checked here. */
function isWellFormed(canary: unknown, stable: PredictorSpec, report: Report): boolean {
  const list = Array.isArray(canary);
  const schema = list ? canaryEntrySchema : olderCanarySchema;
  const entries: readonly (readonly [string, unknown])[] = list ? canary.map((e, i) => [`spec.canary[${i}]`, e] as const) : [['spec.canary', canary]];
  const problems = entries.flatMap(([path, entry]) => checkSchema(schema, withStableFormat(entry, stable), path)).filter((p) => p.severity === 'error');
  for (const { path, message, hint, code } of problems) report(path, message, hint ?? FIXES.find(([end]) => path.endsWith(end))?.[1], code);
  return problems.every((p) => p.code === 'ISVC_API_UNKNOWN_FIELD');
}

/** What a schema cannot say of the fields that people forget or put at the wrong place. */
const FIXES: readonly (readonly [string, string])[] = [
  ['].predictor', 'add predictor: {name: v2, model: {storageUri: ...}}'],
  ['canary.predictor', 'add predictor: {model: {storageUri: ...}}'],
  ['].trafficPercent', 'write an integer from 0 to 100'],
  ['canary.trafficPercent', 'the share of a canary that is no list is spec.canaryTrafficPercent'],
];

/** A canary may leave out what it shares with the stable version, the format included. */
function withStableFormat(entry: unknown, stable: PredictorSpec): unknown {
  if (!isMap(entry) || !isMap(entry['predictor'])) return entry;
  const { predictor } = entry;
  const { model } = predictor;
  if (!isMap(model) || model['modelFormat'] !== undefined || !stable.model) return entry;
  return { ...entry, predictor: { ...predictor, model: { ...model, modelFormat: stable.model.modelFormat } } };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkVariants(variants: readonly CanaryVariant[], shadow: boolean, service: InferenceService, report: Report): void {
  const { canary, predictor } = service.spec;
  const seen = new Map<string, string>();
  const stableMin = predictor.minReplicas ?? 1;
  for (const { name, overlay, path } of variants) {
    if (Array.isArray(canary) && overlay.name === undefined) report(`${path}.predictor.name`, 'is missing: it names the objects of the version', 'add name: v2', 'ISVC_API_REQUIRED');
    if (!NAME.test(name)) report(`${path}.predictor.name`, `must start with a letter and hold only lower case letters, digits and "-", got "${name}"`);
    if (name === predictor.name) report(`${path}.predictor.name`, `"${name}" is the name of the stable predictor too`, 'give the canary its own name');
    if (seen.has(name)) report(`${path}.predictor.name`, `"${name}" is also the name of ${seen.get(name)}`, 'give each canary its own name');
    seen.set(name, path);
    for (const field of NOT_IN_A_CANARY) {
      if (overlay[field] !== undefined) report(`${path}.predictor.${field}`, 'is not allowed: the size of a canary follows from its share', 'remove it, or set minReplicas of the canary');
    }
    if (overlay.minReplicas !== undefined && overlay.minReplicas > stableMin) {
      report(`${path}.predictor.minReplicas`, `must not be above the stable predictor's minReplicas (${stableMin}), got ${overlay.minReplicas}`);
    }
    if (['model', ...SHORTHAND_FORMATS, 'containers'].some((f) => f in overlay)) checkImplementation(overlay, `${path}.predictor`, report);
    checkPredictorStorage(overlay, `${path}.predictor`, report);
    for (const [at, containers] of predictorContainers(overlay, `${path}.predictor`)) checkBlockedEnv(containers, at, report);
  }
  const sum = variants.reduce((total, v) => total + v.trafficPercent, 0);
  if (!shadow && sum > 100) report('spec.canary', `shares add up to ${sum} per cent, 100 are there`, 'lower some trafficPercent');
}
