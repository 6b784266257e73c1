import type { KubeObject, ObjectMeta, Condition } from '../k8s/object';
import type { Container, PodFields, Quantity, StringMap } from '../k8s/pod';

/** InferenceService, `serving.kserve.io/v1beta1`. Field names and meanings are KServe's. */
export interface InferenceService extends KubeObject {
  readonly apiVersion: 'serving.kserve.io/v1beta1';
  readonly kind: 'InferenceService';
  readonly metadata: ObjectMeta;
  readonly spec: InferenceServiceSpec;
  readonly status?: InferenceServiceStatus;
}

export interface InferenceServiceSpec {
  readonly predictor: PredictorSpec;
  readonly transformer?: TransformerSpec;
  readonly explainer?: ExplainerSpec;
  /** Weighted canaries of raw mode (a list), or the older tutorial form with one predictor. */
  readonly canary?: readonly CanarySpec[] | { readonly predictor: PredictorSpec };
  readonly canaryTrafficPercent?: number;
  readonly shadow?: boolean;
}

/** The older spellings of `predictor.model`, each named after its format. */
export const SHORTHAND_FORMATS = [
  'sklearn', 'tensorflow', 'xgboost', 'pytorch', 'triton', 'onnx', 'huggingface', 'pmml', 'lightgbm', 'paddle',
] as const;
export type ShorthandFormat = (typeof SHORTHAND_FORMATS)[number];

export interface PredictorSpec extends ComponentExtension, PodFields, Partial<Record<ShorthandFormat, PredictorExtension>> {
  /** Variant name, used in object names. */
  readonly name?: string;
  readonly model?: ModelSpec;
  readonly containers?: readonly Container[];
  readonly storageUris?: readonly StorageUri[];
  readonly storageContainerName?: string;
  readonly workerSpec?: WorkerSpec;
}

/** Further nodes of a model that does not fit into one: their pod, and how the model is cut. */
export interface WorkerSpec extends PodFields {
  readonly containers?: readonly Container[];
  readonly pipelineParallelSize?: number;
  readonly tensorParallelSize?: number;
}

export interface TransformerSpec extends ComponentExtension, PodFields {
  readonly containers?: readonly Container[];
  readonly storageUris?: readonly StorageUri[];
}

export interface ExplainerSpec extends ComponentExtension, PodFields {
  readonly containers?: readonly Container[];
  readonly storageUris?: readonly StorageUri[];
  readonly art?: ArtExplainerSpec;
}

export const ART_TYPES = ['SquareAttack'] as const;

/** Explainer of the Adversarial Robustness Toolbox. */
export interface ArtExplainerSpec extends Omit<Container, 'name'> {
  readonly name?: string;
  readonly type: (typeof ART_TYPES)[number];
  readonly storageUri?: string;
  readonly runtimeVersion?: string;
  readonly config?: StringMap;
  readonly storage?: StorageSpec;
}

export interface CanarySpec {
  readonly predictor: PredictorSpec;
  readonly trafficPercent: number;
  /** Ours: what the version's transformer and explainer change over the stable ones. */
  readonly transformer?: TransformerSpec;
  readonly explainer?: ExplainerSpec;
}

export interface StorageUri {
  readonly uri: string;
  readonly mountPath?: string;
}

/** A model server's container fields plus what the model is. */
export interface PredictorExtension extends Omit<Container, 'name'> {
  readonly name?: string;
  readonly storageUri?: string;
  readonly storage?: StorageSpec;
  readonly runtimeVersion?: string;
  readonly protocolVersion?: ProtocolVersion;
  readonly confidential?: { readonly enabled?: boolean; readonly resourceId?: string };
}

export interface ModelSpec extends PredictorExtension {
  readonly modelFormat: ModelFormatRef;
  readonly runtime?: string;
}

export interface ModelFormatRef {
  readonly name: string;
  readonly version?: string;
}

export interface StorageSpec {
  readonly path?: string;
  readonly schemaPath?: string;
  readonly parameters?: StringMap;
  readonly key?: string;
}

/** Protocols in the order in which a runtime's lowest one is preferred. */
export const PROTOCOL_VERSIONS = ['v1', 'v2', 'grpc-v1', 'grpc-v2'] as const;
export type ProtocolVersion = (typeof PROTOCOL_VERSIONS)[number];

export const SCALE_METRICS = ['cpu', 'memory', 'concurrency', 'rps'] as const;
export type ScaleMetric = (typeof SCALE_METRICS)[number];

/** What every component has beside its pod. */
export interface ComponentExtension {
  /** @default 1 */
  readonly minReplicas?: number;
  /** 0 means unset. @default - as many as minReplicas (raw), without a limit (serverless) */
  readonly maxReplicas?: number;
  /** Per cent for cpu and memory, requests in flight for concurrency, requests per second for rps. */
  readonly scaleTarget?: number;
  readonly scaleMetric?: ScaleMetric;
  readonly scaleMetricType?: 'Utilization' | 'Value' | 'AverageValue';
  readonly autoScaling?: { readonly metrics?: readonly MetricsSpec[]; readonly behavior?: ScalingBehavior };
  readonly containerConcurrency?: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly canaryTrafficPercent?: number;
  readonly logger?: LoggerSpec;
  readonly batcher?: { readonly maxBatchSize?: number; readonly maxLatency?: number; readonly timeout?: number };
  readonly labels?: StringMap;
  readonly annotations?: StringMap;
  readonly deploymentStrategy?: Readonly<Record<string, unknown>>;
}

/** `behavior` of an autoscaling/v2 HorizontalPodAutoscaler. */
export interface ScalingBehavior {
  readonly scaleUp?: Readonly<Record<string, unknown>> & { readonly stabilizationWindowSeconds?: number };
  readonly scaleDown?: Readonly<Record<string, unknown>> & { readonly stabilizationWindowSeconds?: number };
}

export const LOGGER_MODES = ['all', 'request', 'response'] as const;

/** Where requests and responses are logged. */
export interface LoggerSpec {
  /** @default - the platform's `logger.defaultUrl` */
  readonly url?: string;
  /** @default 'all' */
  readonly mode?: (typeof LOGGER_MODES)[number];
  readonly metadataHeaders?: readonly string[];
  readonly metadataAnnotations?: readonly string[];
  readonly marshallerUrl?: string;
  readonly batchSize?: number;
  /** Go duration, e.g. `5s`. */
  readonly batchInterval?: string;
  readonly storage?: StorageSpec & { readonly serviceAccountName?: string };
}

export interface MetricTarget {
  readonly type?: 'Utilization' | 'Value' | 'AverageValue';
  readonly averageUtilization?: number;
  readonly averageValue?: Quantity;
  readonly value?: Quantity;
}

export interface MetricsSpec {
  readonly type: 'Resource' | 'External' | 'PodMetric';
  readonly resource?: { readonly name: string; readonly target: MetricTarget };
  readonly external?: {
    readonly metric: { readonly backend: 'prometheus' | 'graphite'; readonly serverAddress?: string; readonly query?: string; readonly namespace?: string };
    readonly authenticationRef?: { readonly authModes?: string; readonly authenticationRef?: { readonly name: string; readonly kind?: string } };
    readonly target: MetricTarget;
  };
  readonly podmetric?: {
    readonly metric: {
      readonly backend: 'opentelemetry'; readonly serverAddress?: string; readonly metricNames?: readonly string[]; readonly query?: string; readonly operationOverTime?: string;
    };
    readonly target: MetricTarget;
  };
}

export interface InferenceServiceStatus {
  /** Generation of the InferenceService that this status describes. */
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly url?: string;
  readonly address?: { readonly url?: string };
  readonly components?: Readonly<Record<string, ComponentStatus>>;
  readonly modelStatus?: ModelStatus;
  /** Versions beside the stable one, in raw mode. */
  readonly canaryStatuses?: readonly CanaryStatus[];
  readonly deploymentMode?: string;
  readonly servingRuntimeName?: string;
  readonly clusterServingRuntimeName?: string;
}

export interface ComponentStatus {
  readonly url?: string;
  readonly address?: { readonly url?: string };
  readonly latestCreatedRevision?: string;
  readonly latestReadyRevision?: string;
  readonly latestRolledoutRevision?: string;
  readonly previousRolledoutRevision?: string;
  readonly traffic?: readonly Readonly<Record<string, unknown>>[];
}

export interface CanaryStatus {
  readonly name: string;
  /** Whether it answers; without an answer it gets no traffic. */
  readonly ready: boolean;
  /** The share of the requests, or of a shadow of copies, that routes give it: the spec's, or 0 while none leads to it. */
  readonly trafficPercent: number;
}

export interface ModelStatus {
  readonly transitionStatus: '' | 'UpToDate' | 'InProgress' | 'BlockedByFailedLoad' | 'InvalidSpec';
  readonly states?: { readonly activeModelState: string; readonly targetModelState: string };
  readonly lastFailureInfo?: { readonly reason?: string; readonly message?: string; readonly exitCode?: number; readonly location?: string; readonly time?: string };
  readonly copies?: { readonly failedCopies: number; readonly totalCopies?: number };
}
