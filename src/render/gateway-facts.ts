import { GATEWAY_API, type KubeObject, type PlatformConfig } from '../api';

/** What the platform's gateway says that it can do. */
export interface GatewayFacts {
  readonly className: string;
  /** Names as the Gateway API spells them, such as `HTTPRouteRequestMirror`. */
  readonly features: ReadonlySet<string>;
}

interface GatewayClassStatus {
  /** Plain names in releases of the Gateway API before 1.3. */
  readonly supportedFeatures?: readonly (string | { readonly name: string })[];
}

/** The features that the GatewayClass of the platform's gateway names; undefined where it names none, or is not there. */
export function gatewayFacts(objects: readonly KubeObject[], config: PlatformConfig): GatewayFacts | undefined {
  const [namespace, name] = config.ingress.kserveIngressGateway.split('/');
  const gateways = objects.filter(({ apiVersion }) => apiVersion === GATEWAY_API);
  const gateway = gateways.find(({ kind, metadata }) => kind === 'Gateway' && metadata.namespace === namespace && metadata.name === name);
  const { gatewayClassName } = (gateway?.['spec'] ?? {}) as { readonly gatewayClassName?: string };
  const gatewayClass = gateways.find(({ kind, metadata }) => kind === 'GatewayClass' && metadata.name === gatewayClassName);
  const { supportedFeatures = [] } = (gatewayClass?.['status'] ?? {}) as GatewayClassStatus;
  if (!gatewayClass || supportedFeatures.length === 0) return undefined;
  return { className: gatewayClass.metadata.name, features: new Set(supportedFeatures.map((feature) => (typeof feature === 'string' ? feature : feature.name))) };
}
