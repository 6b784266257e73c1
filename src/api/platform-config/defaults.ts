import { RUNTIME_IMAGE } from '../serving-runtime/image';
import type { PlatformConfig, PlatformConfigInput } from './types';

const SIDECAR = { cpuRequest: '100m', cpuLimit: '1', memoryRequest: '100Mi', memoryLimit: '1Gi' } as const;

/**
 * The platform that is assumed when nothing else is said.
 *
 * KServe differs: raw services get Gateway API routes rather than an Ingress, and models are fetched by this project's
 * own image. The rest is what KServe ships.
 */
export const DEFAULT_PLATFORM_CONFIG: PlatformConfig = {
  deploy: { defaultDeploymentMode: 'Serverless', deploymentRolloutStrategy: {} },
  ingress: {
    enableGatewayApi: true,
    kserveIngressGateway: 'kserve/kserve-ingress-gateway',
    ingressDomain: 'example.com',
    additionalIngressDomains: [],
    ingressClassName: 'istio',
    domainTemplate: '{{ .Name }}-{{ .Namespace }}.{{ .IngressDomain }}',
    pathTemplate: '',
    urlScheme: 'http',
    disableIngressCreation: false,
    disableIstioVirtualHost: true,
    disableHTTPRouteTimeout: false,
    ingressGateway: 'knative-serving/knative-ingress-gateway',
    localGateway: 'knative-serving/knative-local-gateway',
    localGatewayService: 'knative-local-gateway.istio-system.svc.cluster.local',
    knativeLocalGatewayService: '',
    enableServiceRoutes: false,
    enableGrpcRoutes: false,
  },
  storageInitializer: {
    image: RUNTIME_IMAGE, ...SIDECAR,
    caBundleConfigMapName: '',
    caBundleVolumeMountPath: '/etc/ssl/custom-certs',
    ociModelMode: '',
    enableModelcar: true,
    enableOciModelSupport: false,
    ociInsecureRegistry: false,
    cpuModelcar: '10m',
    memoryModelcar: '15Mi',
    uidModelcar: 1010,
  },
  credentials: {
    storageSpecSecretName: 'storage-config',
    storageSecretNameAnnotation: 'serving.kserve.io/storageSecretName',
    gcs: { gcsCredentialFileName: 'gcloud-application-credentials.json' },
    s3: {
      s3AccessKeyIDName: 'AWS_ACCESS_KEY_ID', s3SecretAccessKeyName: 'AWS_SECRET_ACCESS_KEY', s3Endpoint: '', s3UseHttps: '', s3Region: '', s3VerifySSL: '',
      s3UseVirtualBucket: '', s3UseAccelerate: '', s3UseAnonymousCredential: '', s3CABundle: '', s3CABundleConfigMap: '',
    },
  },
  agent: { image: RUNTIME_IMAGE, ...SIDECAR },
  logger: { defaultUrl: 'http://default-broker', caBundle: '', caCertFile: '', tlsSkipVerify: false },
  router: { image: RUNTIME_IMAGE, ...SIDECAR, imagePullPolicy: 'IfNotPresent', imagePullSecrets: [], headers: {} },
  explainers: { art: { image: 'kserve/art-explainer', defaultImageVersion: 'latest' } },
  autoscaler: { scaleUpStabilizationWindowSeconds: '0', scaleDownStabilizationWindowSeconds: '300', prometheusServerAddress: '' },
  opentelemetryCollector: {
    scrapeInterval: '5s',
    metricReceiverEndpoint: 'keda-otel-scaler.keda.svc:4317',
    metricScalerEndpoint: 'keda-otel-scaler.keda.svc:4318',
    resource: { cpuLimit: '1', memoryLimit: '2Gi', cpuRequest: '200m', memoryRequest: '512Mi' },
  },
  metricsAggregator: { enableMetricAggregation: 'false', enablePrometheusScraping: 'false' },
  multiNode: { customGPUResourceTypeList: [] },
  inferenceService: {
    resource: { cpuLimit: '1', memoryLimit: '2Gi', cpuRequest: '1', memoryRequest: '2Gi' },
    serviceAnnotationDisallowedList: [],
    serviceLabelDisallowedList: [],
  },
  security: { autoMountServiceAccountToken: true },
  service: { serviceClusterIPNone: false },
};

/** Fills in what the input leaves out, section by section; the S3 options of `credentials` one by one. */
export function platformConfig(input: PlatformConfigInput = {}): PlatformConfig {
  const base: Readonly<Record<string, object>> = DEFAULT_PLATFORM_CONFIG as unknown as Readonly<Record<string, object>>;
  const given = input as Readonly<Record<string, object | undefined>>;
  const merged = Object.fromEntries(Object.entries(base).map(([section, defaults]) => [section, { ...defaults, ...given[section] }])) as unknown as PlatformConfig;
  const s3 = { ...DEFAULT_PLATFORM_CONFIG.credentials.s3, ...input.credentials?.s3 };
  return { ...merged, credentials: { ...merged.credentials, s3 } };
}
