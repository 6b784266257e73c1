import { ANNOTATION, LABEL, didYouMean, type DeploymentMode, type StringMap } from '../../api';
import type { LintContext } from '../context';
import { rawService, service } from '../example';
import { keyPath } from '../read';
import type { Hit, Rule } from '../rule';
import { modelOf, type ServiceView } from '../service-view';

/** Annotations that only one mode reads, with what the other mode has instead. */
const ONLY_IN: readonly (readonly [string | RegExp, DeploymentMode, string])[] = [
  [/^autoscaling\.knative\.dev\//, 'Knative', 'use minReplicas, maxReplicas, scaleMetric and scaleTarget'],
  ['serving.knative.dev/progress-deadline', 'Knative', 'give the startupProbe the time that a start takes'],
  [ANNOTATION.knativeRolloutDuration, 'Knative', 'use spec.canary, or deploymentStrategy of the component'],
  [ANNOTATION.enableTagRouting, 'Knative', 'raw canaries have a Service of their own to be called by'],
  [ANNOTATION.autoscalerClass, 'Standard', 'Knative has its own autoscaler; set autoscaling.knative.dev/class for another'],
];
const DEAD: Readonly<Record<string, string>> = {
  'serving.kserve.io/metrics': 'set scaleMetric of the component',
  'serving.kserve.io/targetUtilizationPercentage': 'set scaleTarget of the component',
};
const MODE_WORDS = { Standard: 'raw', Knative: 'serverless' } as const;

const KNOWN: ReadonlySet<string> = new Set([
  ...Object.values(ANNOTATION), LABEL.inferenceService, 'serving.kserve.io/gke-accelerator', 'serving.kserve.io/nodegroup', 'serving.kserve.io/disable-localmodel',
  'serving.kserve.io/storageSecretName', 'serving.knative.openshift.io/enablePassthrough', 'serving.knative.dev/visibility', 'autoscaling.knative.dev/min-scale', 'autoscaling.knative.dev/max-scale',
  'autoscaling.knative.dev/initial-scale', 'autoscaling.knative.dev/scale-down-delay', 'autoscaling.knative.dev/scale-to-zero-pod-retention-period', 'autoscaling.knative.dev/window',
  'autoscaling.knative.dev/panic-window-percentage', 'autoscaling.knative.dev/panic-threshold-percentage', 'autoscaling.knative.dev/target-utilization-percentage', 'autoscaling.knative.dev/target-burst-capacity',
  'autoscaling.knative.dev/activation-scale', 'serving.knative.dev/progress-deadline', 'autoscaling.knative.dev/minScale', 'autoscaling.knative.dev/maxScale', 'autoscaling.knative.dev/initialScale', ...Object.keys(DEAD),
]);
const OWN_PREFIX = 'serving.cdk8s-kserve.io/';
const OURS = /^(serving|storage|prometheus|networking|internal\.serving)\.kserve\.io\/|^serving\.cdk8s-kserve\.io\/|^autoscaling\.knative\.dev\//;

function* withoutEffect({ services }: LintContext): Generator<Hit> {
  for (const view of services) {
    const { on, service: { metadata, spec }, components } = view;
    yield* annotationsWithout(view, 'metadata.annotations', metadata.annotations ?? {});
    for (const { path, extension } of components) {
      yield* annotationsWithout(view, `${path}.annotations`, extension.annotations ?? {});
      yield* fieldsWithout(view, path, extension);
    }
    const model = modelOf(spec.predictor);
    if (model?.model.confidential?.enabled && model.model.storageUri?.startsWith('pvc://')) {
      yield { on, path: `${model.path}.confidential`, message: 'has no effect on a pvc:// address: the claim is mounted, nothing fetches or decrypts it', hint: 'remove it, or use an address that is fetched' };
    }
  }
}

function* annotationsWithout({ on, mode }: ServiceView, path: string, annotations: StringMap): Generator<Hit> {
  for (const key of Object.keys(annotations)) {
    const only = ONLY_IN.find(([pattern]) => (typeof pattern === 'string' ? pattern === key : pattern.test(key)));
    if (only && only[1] !== mode) yield { on, path: keyPath(path, key), message: `is read in ${MODE_WORDS[only[1]]} mode only, this service is in ${MODE_WORDS[mode]} mode`, hint: only[2] };
    const instead = DEAD[key];
    if (instead) yield { on, path: keyPath(path, key), message: 'is read by no version of KServe any more', hint: instead };
  }
}

function* fieldsWithout({ on, annotations, mode }: ServiceView, path: string, spec: ServiceView['components'][number]['extension']): Generator<Hit> {
  if (mode !== 'Standard') return;
  if (annotations[ANNOTATION.autoscalerClass] === 'none' && (spec.scaleTarget ?? spec.scaleMetric ?? spec.autoScaling) !== undefined) {
    yield { on, path, message: `scales nothing: annotation ${ANNOTATION.autoscalerClass} is none`, hint: 'remove scaleMetric, scaleTarget and autoScaling, or the annotation' };
  }
}

/** Keys in our namespaces that nothing reads: a typo, since Kubernetes takes any annotation. */
function* unknownAnnotations({ services, runtimes }: LintContext): Generator<Hit> {
  const places = [
    ...services.flatMap(({ on, service: { metadata }, components }) => [
      { on, path: 'metadata.annotations', map: metadata.annotations ?? {} },
      ...components.map((c) => ({ on, path: `${c.path}.annotations`, map: c.extension.annotations ?? {} })),
    ]),
    ...runtimes.map((on) => ({ on, path: 'metadata.annotations', map: on.object.metadata.annotations ?? {} })),
  ];
  for (const { on, path, map } of places) {
    for (const key of Object.keys(map)) {
      if (KNOWN.has(key) || key.startsWith('internal.serving.kserve.io/')) continue;
      const near = OURS.test(key) ? didYouMean(key, KNOWN) : misspeltPrefix(key);
      if (!OURS.test(key) && !near) continue;
      // A misspelt verification would leave the model unverified, which nobody notices.
      const severity = key.startsWith(OWN_PREFIX) ? 'error' : 'warning';
      yield { on, path: keyPath(path, key), severity, message: `nothing reads annotation ${key}`, hint: near ?? 'remove it' };
    }
  }
}

/** A key of nobody's namespace that is a letter or two away from one of ours. */
function misspeltPrefix(key: string): string | undefined {
  const [prefix = '', name] = key.split('/');
  if (name === undefined || !/kserv|knativ|servin/i.test(prefix) || /^(serving|networking|eventing)\.knative\.dev$/.test(prefix)) return undefined;
  return didYouMean(key, KNOWN);
}

const MODEL = `
  predictor:
    model:
      modelFormat: { name: sklearn }
      storageUri: s3://models/iris
`;

/** What a mode does not read. */
export const MODE_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_NO_EFFECT', severity: 'warning', title: 'Settings act in the chosen mode',
    why: 'Serverless and raw mode read different annotations, labels and fields; the others are carried along and do nothing.',
    bad: rawService(MODEL, { annotations: 'autoscaling.knative.dev/target: "5"' }), good: service(MODEL, { annotations: 'autoscaling.knative.dev/target: "5"' }), check: withoutEffect,
  },
  {
    code: 'ISVC_LINT_UNKNOWN_ANNOTATION', severity: 'warning', title: 'Annotations of serving are known',
    why: 'Kubernetes takes any annotation, so a misspelt one is kept, shown and never read.',
    bad: service(MODEL, { annotations: 'serving.kserve.io/deployMentMode: RawDeployment' }), good: service(MODEL, { annotations: 'serving.kserve.io/deploymentMode: RawDeployment' }), check: unknownAnnotations,
  },
];
