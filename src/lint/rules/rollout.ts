import { ANNOTATION, rolloutOf } from '../../api';
import type { LintContext } from '../context';
import { service } from '../example';
import type { Hit, Rule } from '../rule';
import type { ServiceView } from '../service-view';

function splits({ service: { spec }, mode }: ServiceView): readonly string[] {
  if (spec.canary === undefined) {
    const percent = spec.predictor.canaryTrafficPercent;
    return mode === 'Knative' && percent !== undefined && percent > 0 && percent < 100 ? ['spec.predictor.canaryTrafficPercent'] : [];
  }
  return ['spec.canary'];
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
    bad: service(`${CANARY}${TRANSFORMER}`, SCRAPED), good: service(`${CANARY}${TRANSFORMER.replace('transformer:\n', 'transformer:\n  canaryTrafficPercent: 10\n')}`, SCRAPED), check: leftBehind,
  },
  {
    code: 'ISVC_LINT_CANARY_NEVER_STARTS', severity: 'warning', title: 'A waiting version runs',
    why: 'A revision without traffic and without a replica is scaled away before anybody can ask it anything.',
    bad: service(CANARY.replace('canaryTrafficPercent: 10', 'canaryTrafficPercent: 0\n  minReplicas: 0')), good: service(CANARY.replace('canaryTrafficPercent: 10', 'canaryTrafficPercent: 0\n  minReplicas: 1')), check: finished,
  },
];
