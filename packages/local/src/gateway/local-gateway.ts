import { GATEWAY_API, type KubeObject } from 'cdk8s-kserve/api';

/** The class of Gateways that nobody else made; local mode serves those of any class. */
const GATEWAY_CLASS = 'local';

/** A Gateway for every namespace, and the namespace that it is in. */
export function localGateway(namespace: string, name: string): readonly [KubeObject, KubeObject] {
  const spec = { gatewayClassName: GATEWAY_CLASS, listeners: [{ name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } }] };
  return [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, { apiVersion: GATEWAY_API, kind: 'Gateway', metadata: { name, namespace }, spec }];
}
