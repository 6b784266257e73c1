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
 * as far as this version acts on it, under KServe's own keys.
 */
export interface PlatformConfig {
  readonly deploy: { readonly defaultDeploymentMode: ModeName };
  readonly ingress: IngressConfig;
  readonly storageInitializer: StorageInitializerConfig;
  readonly inferenceService: {
    /** Resources for custom containers that ask for none. */
    readonly resource: { readonly cpuLimit: string; readonly memoryLimit: string; readonly cpuRequest: string; readonly memoryRequest: string };
    readonly serviceAnnotationDisallowedList: readonly string[];
    readonly serviceLabelDisallowedList: readonly string[];
  };
  readonly security: { readonly autoMountServiceAccountToken: boolean };
  readonly service: { readonly serviceClusterIPNone: boolean };
}

export interface IngressConfig {
  readonly enableGatewayApi: boolean;
  /** `namespace/name` of the Gateway that raw services attach to. */
  readonly kserveIngressGateway: string;
  readonly ingressDomain: string;
  /** Go template over Name, Namespace, IngressDomain, Labels, Annotations. */
  readonly domainTemplate: string;
  readonly urlScheme: string;
  readonly disableIngressCreation: boolean;
  readonly disableIstioVirtualHost: boolean;
  readonly disableHTTPRouteTimeout: boolean;
}

export interface StorageInitializerConfig {
  readonly image: string;
  readonly cpuRequest: Quantity;
  readonly cpuLimit: Quantity;
  readonly memoryRequest: Quantity;
  readonly memoryLimit: Quantity;
}

/** A config where every field may be left out: what users write. */
export type PlatformConfigInput = { readonly [K in keyof PlatformConfig]?: Partial<PlatformConfig[K]> };

/** `data` of the ConfigMap: every value is a JSON text. */
export type ConfigMapData = StringMap;
