import { ANNOTATION, rolloutOf } from '../../api';
import type { LintContext } from '../context';
import { rawService, service } from '../example';
import type { Hit, Rule } from '../rule';
import type { ServiceView } from '../service-view';

/** A shadow and a version without a share split nothing. */
function splits({ service, mode }: ServiceView): readonly string[] {
  const { spec } = service;
  if (spec.canary === undefined) {
    const percent = spec.predictor.canaryTrafficPercent;
    return mode === 'Knative' && percent !== undefined && percent > 0 && percent < 100 ? ['spec.predictor.canaryTrafficPercent'] : [];
  }
  const rollout = rolloutOf(service);
  if (rollout.kind !== 'variants') return [];
  return !rollout.shadow && rollout.variants.some((v) => v.trafficPercent > 0) ? ['spec.canary'] : [];
}

function* withoutMetrics(context: LintContext): Generator<Hit> {
  const monitored = ['ServiceMonitor', 'PodMonitor', 'PodMonitoring'].some((kind) => context.ofKind(kind).length > 0);
  if (monitored || context.world.config.metricsAggregator.enablePrometheusScraping === 'true') return;
  for (const view of context.services) {
    if (view.result.children.length === 0 || view.annotations[ANNOTATION.enablePrometheusScraping] === 'true') continue;
    for (const path of splits(view)) {
      yield {
        on: view.on, path, message: 'splits traffic, and nothing here collects the metrics that would tell the versions apart',
        hint: `set annotation ${ANNOTATION.enablePrometheusScraping}: "true", or add a PodMonitor`,
      };
    }
  }
}

/** In serverless mode every component is a Knative Service with revisions of its own. */
function* leftBehind({ services }: LintContext): Generator<Hit> {
  for (const { on, service, mode, components } of services) {
    const share = service.spec.predictor.canaryTrafficPercent;
    if (mode !== 'Knative' || rolloutOf(service).kind !== 'revisions' || share === undefined || share >= 100) continue;
    for (const { role, path, extension } of components) {
      if (role === 'predictor' || extension.canaryTrafficPercent === share) continue;
      yield {
        on, path, message: `does not move with its model: the predictor's new revision gets ${share} % of the requests, the ${role}'s ${extension.canaryTrafficPercent ?? 100} %`,
        hint: `set ${path}.canaryTrafficPercent: ${share}`,
      };
    }
  }
}

/** Knative splits each component by itself, so one request can meet the new transformer and the old predictor. */
function* mixed({ services }: LintContext): Generator<Hit> {
  for (const { on, service, mode, components } of services) {
    const share = service.spec.predictor.canaryTrafficPercent;
    if (mode !== 'Knative' || rolloutOf(service).kind !== 'revisions' || share === undefined || share === 0 || share >= 100) continue;
    for (const { role, path, extension } of components) {
      if (role === 'predictor' || extension.canaryTrafficPercent !== share) continue;
      const percent = Math.round((2 * share * (100 - share)) / 100);
      yield {
        on, path, message: `is split by itself, so about ${percent} % of the requests meet ${role} and predictor of different versions`,
        hint: 'go from 0 to 100 at once, or use raw mode, where each version has its own',
      };
    }
  }
}

/** All traffic on a canary, or none: a rollout that is over, or has not begun. */
function* finished({ services }: LintContext): Generator<Hit> {
  for (const { on, service, mode } of services) {
    const { canaryTrafficPercent, minReplicas } = service.spec.predictor;
    if (mode === 'Knative' && canaryTrafficPercent === 0 && minReplicas === 0) {
      yield { on, path: 'spec.predictor.canaryTrafficPercent', message: 'is 0 with minReplicas 0: the new revision is never started, so it is never known whether it works', hint: 'set minReplicas: 1 while a version waits' };
    }
  }
}

const CANARY = 'predictor:\n  canaryTrafficPercent: 10\n  model:\n    modelFormat: { name: sklearn }\n    storageUri: s3://models/iris/v2\n';
const RAW_CANARY = 'predictor:\n  model:\n    modelFormat: { name: sklearn }\n    storageUri: s3://models/iris/v1\ncanary:\n  - trafficPercent: 10\n    predictor: { name: v2, model: { storageUri: s3://models/iris/v2 } }\n';
const SCRAPED = { annotations: 'serving.kserve.io/enable-prometheus-scraping: "true"' };
const TRANSFORMER = 'transformer:\n  containers:\n    - name: kserve-container\n      image: registry.example.com/features:2.0\n';

/** New versions beside old ones. */
export const ROLLOUT_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_CANARY_WITHOUT_METRICS', severity: 'info', title: 'A canary is measured',
    why: 'A share of the traffic tells something only when errors and latency of both versions are collected; without that a canary is a slow rollout.',
    bad: service(CANARY), good: service(CANARY, SCRAPED), check: withoutMetrics,
  },
  {
    code: 'ISVC_LINT_TRANSFORMER_LEFT_BEHIND', severity: 'warning', title: 'A transformer moves with its model',
    why: 'A new model behind an old transformer gets features that it was not trained on, and answers wrongly without an error. In raw mode a canary has a transformer of its own.',
    bad: service(`${CANARY}${TRANSFORMER}`, SCRAPED), good: rawService(`${RAW_CANARY}${TRANSFORMER}`, SCRAPED), check: leftBehind,
  },
  {
    code: 'ISVC_LINT_CANARY_MIXED', severity: 'info', title: 'A request meets one version',
    why: 'Knative draws lots for each component. With a transformer and a predictor at 10 per cent, every fifth to sixth request passes a new one and an old one, and is answered by a pair that was never tested.',
    bad: service(`${CANARY}${TRANSFORMER.replace('transformer:\n', 'transformer:\n  canaryTrafficPercent: 10\n')}`, SCRAPED), good: service(`${CANARY}${TRANSFORMER.replace('transformer:\n', 'transformer:\n  canaryTrafficPercent: 0\n')}`.replace('canaryTrafficPercent: 10', 'canaryTrafficPercent: 0\n  minReplicas: 1'), SCRAPED), check: mixed,
  },
  {
    code: 'ISVC_LINT_CANARY_NEVER_STARTS', severity: 'warning', title: 'A waiting version runs',
    why: 'A revision without traffic and without a replica is scaled away before anybody can ask it anything.',
    bad: service(CANARY.replace('canaryTrafficPercent: 10', 'canaryTrafficPercent: 0\n  minReplicas: 0')), good: service(CANARY.replace('canaryTrafficPercent: 10', 'canaryTrafficPercent: 0\n  minReplicas: 1')), check: finished,
  },
];
