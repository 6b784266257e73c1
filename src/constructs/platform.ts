import { Node, type IConstruct } from 'constructs';
import {
  BUILT_IN_RUNTIMES, GATEWAY_API, ISTIO_NETWORKING_API, KEDA_API, KNATIVE_SERVING_API, MODE_ALIASES, OPENTELEMETRY_API, parseMode, platformConfig, type DeploymentMode, type KubeObject,
  type ModeName, type PlatformConfig, type PlatformConfigInput, type ServingRuntime,
} from '../api';
import { worldFromObjects, type World } from '../render';
import { assertNoErrors, misuse } from './check';
import { declaredIn } from './declared';
import { TARGETS, type Target } from './target';

export interface PlatformProps {
  /**
   * Mode of services that do not say one; written on them.
   *
   * @default - left to the cluster, taken for 'Serverless'
   */
  readonly mode?: ModeName;
  /**
   * Domain under which services are published.
   *
   * @default 'example.com'
   */
  readonly domain?: string;
  /**
   * `namespace/name` of the Gateway that raw services attach to.
   *
   * @default 'kserve/kserve-ingress-gateway'
   */
  readonly gateway?: string;
  /**
   * The platform has KEDA, and perhaps a Prometheus for it: raw services can then follow requests and GPU queues.
   *
   * @default - no KEDA
   */
  readonly keda?: {
    /**
     * Address of the Prometheus server, e.g. `http://prometheus.monitoring:9090`.
     *
     * @default - none
     */
    readonly prometheus?: string;
  };
  /**
   * Which controller reads the resources. What it cannot do is an error at synthesis.
   *
   * @default 'cdk8s-kserve'
   */
  readonly target?: Target;
  /**
   * Further settings, under the keys of KServe's ConfigMap `inferenceservice-config`.
   *
   * @default - what KServe ships, see `DEFAULT_PLATFORM_CONFIG`
   */
  readonly config?: PlatformConfigInput;
  /**
   * Group versions that the cluster serves, for expand output.
   *
   * @default - all that a service can need, KEDA only with `keda`
   */
  readonly apis?: readonly string[];
  /**
   * Manifests of what the cluster has beside the app, for expand output: runtimes, storage containers, service accounts,
   * secrets (only their keys are looked at).
   *
   * @default - nothing is known of it
   */
  readonly objects?: readonly KubeObject[];
}

const platforms = new WeakMap<IConstruct, Platform>();
const USUAL_APIS = [KNATIVE_SERVING_API, GATEWAY_API, ISTIO_NETWORKING_API, OPENTELEMETRY_API];

/**
 * What a platform decides once for all services below a construct: mode, domain, gateway.
 *
 * @example
 * Platform.of(chart, { mode: 'RawDeployment', domain: 'models.example.com', gateway: 'traefik/traefik-gateway' });
 */
export class Platform {
  /** Sets the platform of everything below `scope`; a nearer one wins. Call it before adding services. */
  static of(scope: IConstruct, props: PlatformProps): Platform {
    const platform = new Platform(scope, props);
    platforms.set(scope, platform);
    return platform;
  }

  /** The platform that holds for a construct: the nearest above it, if any. */
  static find(construct: IConstruct): Platform | undefined {
    for (let scope: IConstruct | undefined = construct; scope; scope = Node.of(scope).scope) {
      const platform = platforms.get(scope);
      if (platform) return platform;
    }
    return undefined;
  }

  /** The configuration that holds for a construct: of the nearest platform above it, or the defaults. */
  static configFor(construct: IConstruct): PlatformConfig {
    return Platform.find(construct)?.config ?? DEFAULT_CONFIG;
  }

  /** The mode of a construct's services that do not say one; undefined when only the cluster knows. */
  static modeFor(construct: IConstruct): DeploymentMode | undefined {
    const platform = Platform.find(construct);
    return platform && MODE_ALIASES[platform.config.deploy.defaultDeploymentMode];
  }

  /**
   * The mode that the platform states, in its spelling: it is written on the resources, so that a manifest means the same
   * whatever the cluster's default is. Undefined where the platform leaves it to the cluster.
   */
  static statedModeFor(construct: IConstruct): ModeName | undefined {
    return Platform.find(construct)?.statedMode;
  }

  /** What expand output may know: the platform's world with the app's own runtimes and services. */
  static worldFor(construct: IConstruct): World {
    const platform = Platform.find(construct);
    const declared = declaredIn(construct);
    const world: World = platform?.world ?? DEFAULT_WORLD;
    const services = [...(world.services ?? []), ...declared.services.map((service) => service())];
    return { ...world, runtimes: withRuntimes(world.runtimes, declared.runtimes), ...(services.length > 0 ? { services } : {}) };
  }

  readonly config: PlatformConfig;
  readonly target: Target;
  private readonly statedMode: ModeName | undefined;
  /** Address of the platform's Prometheus, where KEDA reads it. */
  readonly prometheus: string | undefined;
  private readonly world: World;

  private constructor(scope: IConstruct, props: PlatformProps) {
    const { mode, gateway, target = 'cdk8s-kserve', keda, apis } = props;
    const path = Node.of(scope).path || 'Platform';
    if (mode !== undefined && !parseMode(mode)) throw misuse(path, `mode must be one of ${Object.keys(MODE_ALIASES).join(', ')}, got "${mode}"`, 'take one of them');
    if (gateway !== undefined && !/^[^/]+\/[^/]+$/.test(gateway)) throw misuse(path, `gateway must read namespace/name, got "${gateway}"`, 'name the namespace too');
    if (!TARGETS.includes(target)) throw misuse(path, `target must be one of ${TARGETS.join(', ')}, got "${String(target)}"`, 'take one of them');
    if (apis && keda && !apis.includes(KEDA_API)) throw misuse(path, `keda is given, while apis lacks ${KEDA_API}`, 'add it to apis, or leave apis out');
    const { world, problems } = worldFromObjects(props.objects ?? []);
    assertNoErrors(scope, problems);
    this.target = target;
    this.statedMode = mode;
    this.prometheus = keda?.prometheus;
    this.config = configOf(props);
    const served = apis ?? (keda ? [...USUAL_APIS, KEDA_API] : undefined);
    this.world = { ...world, config: this.config, ...(served ? { apis: new Set(served) } : {}) };
  }
}

const DEFAULT_CONFIG = platformConfig();
const DEFAULT_WORLD: World = { config: DEFAULT_CONFIG, runtimes: BUILT_IN_RUNTIMES };

function configOf({ mode, domain, gateway, keda, config }: PlatformProps): PlatformConfig {
  return platformConfig({
    ...config,
    ...(mode ? { deploy: { ...config?.deploy, defaultDeploymentMode: mode } } : {}),
    ...(keda?.prometheus ? { autoscaler: { ...config?.autoscaler, prometheusServerAddress: keda.prometheus } } : {}),
    ingress: {
      ...config?.ingress,
      ...(domain ? { ingressDomain: domain } : {}),
      ...(gateway ? { kserveIngressGateway: gateway } : {}),
    },
  });
}

/** The app's runtimes, which take the place of the world's cluster-wide ones of the same name. */
function withRuntimes(known: readonly ServingRuntime[], declared: readonly ServingRuntime[]): readonly ServingRuntime[] {
  if (declared.length === 0) return known;
  const names = new Set(declared.filter((r) => r.kind === 'ClusterServingRuntime').map((r) => r.metadata.name));
  return [...declared, ...known.filter((r) => r.kind === 'ServingRuntime' || !names.has(r.metadata.name))];
}
