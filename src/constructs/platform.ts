import { Node, type IConstruct } from 'constructs';
import { IsvcError, parseMode, MODE_ALIASES, platformConfig, type ModeName, type PlatformConfig, type PlatformConfigInput } from '../api';

export interface PlatformProps {
  /**
   * Mode of services that do not say one.
   *
   * @default 'Serverless'
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
   * Further settings, under the keys of KServe's ConfigMap `inferenceservice-config`.
   *
   * @default - what KServe ships, see `DEFAULT_PLATFORM_CONFIG`
   */
  readonly config?: PlatformConfigInput;
}

const platforms = new WeakMap<IConstruct, Platform>();

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

  /** The configuration that holds for a construct: of the nearest platform above it, or the defaults. */
  static configFor(construct: IConstruct): PlatformConfig {
    const nearest = [...Node.of(construct).scopes].reverse().find((scope) => platforms.has(scope));
    return nearest ? (platforms.get(nearest) as Platform).config : platformConfig();
  }

  readonly config: PlatformConfig;

  private constructor(scope: IConstruct, props: PlatformProps) {
    const path = Node.of(scope).path;
    if (props.mode !== undefined && !parseMode(props.mode)) {
      throw new IsvcError('ISVC_CONSTRUCT_MISUSE', `mode must be one of ${Object.keys(MODE_ALIASES).join(', ')}, got "${props.mode}"`, { path });
    }
    if (props.gateway !== undefined && !/^[^/]+\/[^/]+$/.test(props.gateway)) {
      throw new IsvcError('ISVC_CONSTRUCT_MISUSE', `gateway must read namespace/name, got "${props.gateway}"`, { path });
    }
    this.config = platformConfig({
      ...props.config,
      ...(props.mode ? { deploy: { defaultDeploymentMode: props.mode } } : {}),
      ingress: {
        ...props.config?.ingress,
        ...(props.domain ? { ingressDomain: props.domain } : {}),
        ...(props.gateway ? { kserveIngressGateway: props.gateway } : {}),
      },
    });
  }
}

