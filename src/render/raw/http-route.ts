import { SERVICE_PORT, type InferenceService, type KubeObject, type PlatformConfig } from '../../api';
import { unlessEmpty, type ComponentMetadata } from '../metadata';

export interface RouteTarget {
  /** Name of the Service behind the route. */
  readonly service: string;
  /** Seconds; undefined is KServe's 60. */
  readonly timeout?: number | undefined;
}

const DEFAULT_TIMEOUT_SECONDS = 60;

/** One Gateway API route: every path of a host to one Service, with the headers that KServe's own routes set. */
export function renderHttpRoute(name: string, host: string, service: InferenceService, metadata: ComponentMetadata, target: RouteTarget, config: PlatformConfig): KubeObject {
  const namespace = service.metadata.namespace ?? 'default';
  const [gatewayNamespace, gatewayName] = config.ingress.kserveIngressGateway.split('/');
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace, ...unlessEmpty('labels', metadata.labels), ...unlessEmpty('annotations', metadata.annotations) },
    spec: {
      hostnames: [host],
      parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: gatewayNamespace, name: gatewayName }],
      rules: [
        {
          matches: [{ path: { type: 'RegularExpression', value: '^/.*$' } }],
          filters: [
            {
              type: 'RequestHeaderModifier',
              requestHeaderModifier: {
                set: [{ name: 'KServe-Isvc-Name', value: service.metadata.name }, { name: 'KServe-Isvc-Namespace', value: namespace }],
              },
            },
          ],
          backendRefs: [{ kind: 'Service', name: target.service, namespace, port: SERVICE_PORT }],
          ...(config.ingress.disableHTTPRouteTimeout ? {} : { timeouts: { request: `${target.timeout ?? DEFAULT_TIMEOUT_SECONDS}s` } }),
        },
      ],
    },
  };
}
