/**
 * Every label, annotation and fixed name that travels on objects, in one place. The spellings are KServe's and
 * Knative's; clients, dashboards and other controllers select on them.
 */
export const GROUP = 'serving.kserve.io';
export const INFERENCE_SERVICE_API = `${GROUP}/v1beta1`;
export const SERVING_RUNTIME_API = `${GROUP}/v1alpha1`;
export const KNATIVE_SERVING_API = 'serving.knative.dev/v1';
export const GATEWAY_API = 'gateway.networking.k8s.io/v1';
export const ISTIO_NETWORKING_API = 'networking.istio.io/v1beta1';
export const KEDA_API = 'keda.sh/v1alpha1';
export const OPENTELEMETRY_API = 'opentelemetry.io/v1beta1';

export const LABEL = {
  inferenceService: 'serving.kserve.io/inferenceservice',
  component: 'component',
  app: 'app',
  rawVisibility: 'networking.kserve.io/visibility',
  knativeVisibility: 'networking.knative.dev/visibility',
  modelClass: 'modelClass',
  serviceEnvelope: 'serviceEnvelope',
  generation: 'isvc.generation',
  multiNodeRole: 'multinode/role',
  inferenceGraph: 'serving.kserve.io/inferencegraph',
  servingKind: 'serving.kserve.io/kind',
  knativeRevision: 'serving.knative.dev/revision',
  knativeService: 'serving.knative.dev/service',
  knativeConfiguration: 'serving.knative.dev/configuration',
} as const;

export const ANNOTATION = {
  deploymentMode: 'serving.kserve.io/deploymentMode',
  autoscalerClass: 'serving.kserve.io/autoscalerClass',
  stop: 'serving.kserve.io/stop',
  disableAutoUpdate: 'serving.kserve.io/disable-auto-update',
  enableTagRouting: 'serving.kserve.io/enable-tag-routing',
  serverType: 'serving.kserve.io/server-type',
  enableMetricAggregation: 'serving.kserve.io/enable-metric-aggregation',
  enablePrometheusScraping: 'serving.kserve.io/enable-prometheus-scraping',
  metricsPort: 'prometheus.kserve.io/port',
  metricsPath: 'prometheus.kserve.io/path',
  gkeAccelerator: 'serving.kserve.io/gke-accelerator',
  gpuResourceTypes: 'serving.kserve.io/gpu-resource-types',
  executorBackend: 'multinode/executor-backend',
  storageInitializerUid: 'serving.kserve.io/storage-initializer-uid',
  /** Ours: pods that a drain may take at a time; renders a PodDisruptionBudget. */
  maxUnavailable: 'serving.cdk8s-kserve.io/max-unavailable',
  /** Ours, of a runtime: it computes on the CPU, so a model that asks for accelerators does not get it unless it names it. */
  cpuOnly: 'serving.cdk8s-kserve.io/cpu-only',
  /** Ours: what a fetched model is compared with before a server sees it. */
  modelDigests: 'serving.cdk8s-kserve.io/model-digests',
  modelSigners: 'serving.cdk8s-kserve.io/model-signers',
  modelSignature: 'serving.cdk8s-kserve.io/model-signature',
  storageReadonly: 'storage.kserve.io/readonly',
  modelFormat: 'modelFormat',
  lastApplied: 'kubectl.kubernetes.io/last-applied-configuration',
  knativeClass: 'autoscaling.knative.dev/class',
  knativeTarget: 'autoscaling.knative.dev/target',
  knativeMetric: 'autoscaling.knative.dev/metric',
  knativeMinScale: 'autoscaling.knative.dev/min-scale',
  knativeMaxScale: 'autoscaling.knative.dev/max-scale',
  knativeInitialScale: 'autoscaling.knative.dev/initial-scale',
  knativeRolloutDuration: 'serving.knative.dev/rollout-duration',
} as const;

export const CONTAINER = {
  server: 'kserve-container',
  transformer: 'transformer-container',
  worker: 'worker-container',
  storageInitializer: 'storage-initializer',
  agent: 'agent',
  modelcar: 'modelcar',
  modelcarInit: 'modelcar-init',
} as const;

/** Where a model lies inside its container. */
export const MODEL_DIR = '/mnt/models';
/** Port that a model server listens on when it declares none. */
export const SERVER_PORT = 8080;
/** Port of the agent, which stands before the server when it logs or batches. */
export const AGENT_PORT = 9081;
/** Port of every child Service. */
export const SERVICE_PORT = 80;

export const FIELD_MANAGER = 'cdk8s-kserve';
export const CONFIG_MAP_NAME = 'inferenceservice-config';
