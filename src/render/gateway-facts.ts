import { GATEWAY_API, type KubeObject, type PlatformConfig } from '../api';

/** What the platform's gateway says that it can do. */
export interface GatewayFacts {
  readonly className: string;
  /**
   * Names as the Gateway API spells them, such as `HTTPRouteRequestMirror`. To publish them is optional: undefined where the class names
   * none, which says nothing of what it can do.
   */
  readonly features: ReadonlySet<string> | undefined;
}

interface GatewayClassStatus {
  /** Plain names in releases of the Gateway API before 1.3. */
  readonly supportedFeatures?: readonly (string | { readonly name: string })[];
}

/** What the GatewayClass of the platform's gateway says; undefined where that is not there, or may not be read. */
export function gatewayFacts(objects: readonly KubeObject[], config: PlatformConfig): GatewayFacts | undefined {
  const [namespace, gatewayName] = config.ingress.kserveIngressGateway.split('/');
  const gateways = objects.filter(({ apiVersion }) => apiVersion === GATEWAY_API);
  const gateway = gateways.find(({ kind, metadata }) => kind === 'Gateway' && metadata.namespace === namespace && metadata.name === gatewayName);
  const { gatewayClassName } = (gateway?.['spec'] ?? {}) as { readonly gatewayClassName?: string };
  const gatewayClass = gateways.find(({ kind, metadata }) => kind === 'GatewayClass' && metadata.name === gatewayClassName);
  const { supportedFeatures = [] } = (gatewayClass?.['status'] ?? {}) as GatewayClassStatus;
  if (!gatewayClass) return undefined;
  const { name: className } = gatewayClass.metadata;
  return { className, features: supportedFeatures.length === 0 ? undefined : new Set(supportedFeatures.map((feature) => (typeof feature === 'string' ? feature : feature.name))) };
}
