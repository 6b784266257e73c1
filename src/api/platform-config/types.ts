import type { Quantity, StringMap } from '../k8s/pod';

/** Deployment modes by their canonical names. */
export type DeploymentMode = 'Standard' | 'Knative';
/** Every accepted spelling; the older words mean the same. */
export const MODE_ALIASES = {
  Standard: 'Standard',
  RawDeployment: 'Standard',
  Knative: 'Knative',
  Serverless: 'Knative',
} as const satisfies Record<string, DeploymentMode>;
export type ModeName = keyof typeof MODE_ALIASES;

export function parseMode(name: string): DeploymentMode | undefined {
  return Object.hasOwn(MODE_ALIASES, name) ? MODE_ALIASES[name as ModeName] : undefined;
}

/**
 * What a platform decides once for all its services: the content of KServe's ConfigMap `inferenceservice-config`,
 * as far as this version acts on it, under KServe's own keys. An empty text means "not set" everywhere.
 */
export interface PlatformConfig {
  readonly deploy: DeployConfig;
  readonly ingress: IngressConfig;
  readonly storageInitializer: StorageInitializerConfig;
  readonly credentials: CredentialsConfig;
  readonly agent: SidecarConfig;
  readonly logger: LoggerConfig;
  readonly router: RouterConfig;
  readonly explainers: { readonly art: { readonly image: string; readonly defaultImageVersion: string } };
  readonly autoscaler: AutoscalerConfig;
  readonly opentelemetryCollector: OpenTelemetryConfig;
  /** Texts "true" and "false", as KServe spells them. */
  readonly metricsAggregator: { readonly enableMetricAggregation: string; readonly enablePrometheusScraping: string };
  readonly multiNode: { readonly customGPUResourceTypeList: readonly string[] };
  readonly inferenceService: {
    /** Resources for custom containers that ask for none. */
    readonly resource: Partial<ResourceConfig>;
    readonly serviceAnnotationDisallowedList: readonly string[];
    readonly serviceLabelDisallowedList: readonly string[];
  };
  readonly security: { readonly autoMountServiceAccountToken: boolean };
  readonly service: { readonly serviceClusterIPNone: boolean };
}

export interface DeployConfig {
  readonly defaultDeploymentMode: ModeName;
  /** Rollout of Deployments that say none; counts and percentages are both texts in KServe's ConfigMap. */
  readonly deploymentRolloutStrategy: { readonly defaultRollout?: { readonly maxSurge?: string; readonly maxUnavailable?: string } };
}

export interface IngressConfig {
  readonly enableGatewayApi: boolean;
  /** `namespace/name` of the Gateway that raw services attach to. */
  readonly kserveIngressGateway: string;
  readonly ingressDomain: string;
  /** Further domains under which every published service answers. */
  readonly additionalIngressDomains: readonly string[];
  readonly ingressClassName: string;
  /** Go template over Name, Namespace, IngressDomain, Labels, Annotations. */
  readonly domainTemplate: string;
  /** Go template over Name and Namespace: a path of `ingressDomain` where the service answers too. */
  readonly pathTemplate: string;
  readonly urlScheme: string;
  readonly disableIngressCreation: boolean;
  readonly disableIstioVirtualHost: boolean;
  readonly disableHTTPRouteTimeout: boolean;
  /** Istio gateways of serverless mode, `namespace/name`. */
  readonly ingressGateway: string;
  readonly localGateway: string;
  readonly localGatewayService: string;
  /** @default - localGatewayService */
  readonly knativeLocalGatewayService: string;
  /** Ours: the Gateway API implementation also routes calls to Services inside the cluster (GAMMA). */
  readonly enableServiceRoutes: boolean;
  /** Ours: components that speak nothing but gRPC get a GRPCRoute; KServe gives them an HTTPRoute. */
  readonly enableGrpcRoutes: boolean;
}

export interface ResourceConfig {
  readonly cpuRequest: Quantity;
  readonly cpuLimit: Quantity;
  readonly memoryRequest: Quantity;
  readonly memoryLimit: Quantity;
}

export interface SidecarConfig extends ResourceConfig {
  readonly image: string;
}

export interface StorageInitializerConfig extends SidecarConfig {
  /** ConfigMap with certificates for storage servers; its key is `cabundle.crt`. */
  readonly caBundleConfigMapName: string;
  readonly caBundleVolumeMountPath: string;
  /** How `oci://` models are brought in: modelcar, native or fetch. */
  readonly ociModelMode: string;
  readonly enableModelcar: boolean;
  readonly enableOciModelSupport: boolean;
  readonly ociInsecureRegistry: boolean;
  readonly cpuModelcar: Quantity;
  readonly memoryModelcar: Quantity;
  readonly uidModelcar: number;
}

export interface CredentialsConfig {
  readonly storageSpecSecretName: string;
  readonly storageSecretNameAnnotation: string;
  readonly gcs: { readonly gcsCredentialFileName: string };
  readonly s3: S3Config;
}

export interface S3Config {
  readonly s3AccessKeyIDName: string;
  readonly s3SecretAccessKeyName: string;
  readonly s3Endpoint: string;
  readonly s3UseHttps: string;
  readonly s3Region: string;
  readonly s3VerifySSL: string;
  readonly s3UseVirtualBucket: string;
  readonly s3UseAccelerate: string;
  readonly s3UseAnonymousCredential: string;
  readonly s3CABundle: string;
  readonly s3CABundleConfigMap: string;
}

export interface LoggerConfig {
  readonly defaultUrl: string;
  readonly caBundle: string;
  readonly caCertFile: string;
  readonly tlsSkipVerify: boolean;
}

export interface RouterConfig extends SidecarConfig {
  readonly imagePullPolicy: string;
  readonly imagePullSecrets: readonly string[];
  readonly headers: { readonly propagate?: readonly string[] };
}

export interface AutoscalerConfig {
  readonly scaleUpStabilizationWindowSeconds: string;
  readonly scaleDownStabilizationWindowSeconds: string;
  /** Ours: address of the Prometheus that concurrency and rps of raw services are read from. */
  readonly prometheusServerAddress: string;
}

export interface OpenTelemetryConfig {
  readonly scrapeInterval: string;
  readonly metricReceiverEndpoint: string;
  readonly metricScalerEndpoint: string;
  readonly resource: ResourceConfig;
}

/** A config where every field may be left out: what users write. */
export type PlatformConfigInput = { readonly [K in keyof PlatformConfig]?: Partial<PlatformConfig[K]> };

/** `data` of the ConfigMap: every value is a JSON text. */
export type ConfigMapData = StringMap;
