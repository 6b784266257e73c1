import { COMPONENT_ROLES, type ComponentExtension, type ComponentRole, type DeploymentMode, type InferenceService, type Problem } from '../api';

interface Rule {
  readonly field: keyof ComponentExtension;
  readonly roles: readonly ComponentRole[];
  readonly mode?: DeploymentMode;
  readonly message: string;
  readonly hint: string;
}

const RULES: readonly Rule[] = [
  { field: 'scaleMetricType', roles: COMPONENT_ROLES, message: 'is read by nobody, in KServe either', hint: 'use autoScaling.metrics' },
  { field: 'batcher', roles: ['explainer'], message: 'has no effect: explainers do not batch', hint: 'remove it' },
  { field: 'autoScaling', roles: COMPONENT_ROLES, mode: 'Knative', message: "has no effect in serverless mode, where Knative scales", hint: 'use scaleMetric and scaleTarget' },
  { field: 'containerConcurrency', roles: ['predictor'], mode: 'Standard', message: 'has no effect in raw mode, where nothing queues requests', hint: 'use serverless mode, or limit the server itself' },
  { field: 'canaryTrafficPercent', roles: ['transformer', 'explainer'], mode: 'Standard', message: 'has no effect in raw mode', hint: 'use spec.canary; transformer and explainer move with the predictor' },
];

/** Warnings for fields that are accepted and do nothing, so that nothing is ever ignored without a word. */
export function ignoredFields(service: InferenceService, mode: DeploymentMode): readonly Problem[] {
  const warning = (path: string, message: string, hint: string): Problem => ({ code: 'ISVC_RENDER_IGNORED', severity: 'warning', path, message, hint });
  const byRule = RULES.filter((rule) => rule.mode === undefined || rule.mode === mode).flatMap((rule) =>
    rule.roles.filter((role) => service.spec[role]?.[rule.field] !== undefined).map((role) => warning(`spec.${role}.${rule.field}`, rule.message, rule.hint)),
  );
  const timeouts = COMPONENT_ROLES.filter((role) => service.spec[role]?.batcher?.timeout !== undefined).map((role) =>
    warning(`spec.${role}.batcher.timeout`, 'is read by nobody, in KServe either', 'use batcher.maxLatency'),
  );
  const art = service.spec.explainer?.art?.storage ? [warning('spec.explainer.art.storage', 'has no effect', 'use art.storageUri')] : [];
  return [...byRule, ...timeouts, ...art];
}
