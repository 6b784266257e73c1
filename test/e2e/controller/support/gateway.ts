import type { KubeApi } from 'cdk8s-kserve-controller';
import { GATEWAY_API, type KubeObject, type ObjectRef } from 'cdk8s-kserve/api';

/** The platform's gateway, as the default config names it. */
export const GATEWAY: ObjectRef = { apiVersion: GATEWAY_API, kind: 'Gateway', name: 'kserve-ingress-gateway', namespace: 'kserve' };

/** Plays an administrator who makes the gateway, and its controller. Test files share it on a server that outlives them. */
export async function makeGateway(api: KubeApi): Promise<void> {
  const { apiVersion, kind, name, namespace = '' } = GATEWAY;
  const listeners = [{ name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } }];
  await api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, { fieldManager: 'test', force: true });
  const gateway = await api.apply({ apiVersion, kind, metadata: { name, namespace }, spec: { gatewayClassName: 'test', listeners } }, { fieldManager: 'test', force: true });
  await sayOfGateway(api, gateway, { Accepted: 'True', Programmed: 'True' });
}

/** Plays the controller of the gateway's class: the features that it says it has; without any it says nothing. */
export async function sayOfGatewayClass(api: KubeApi, ...features: readonly string[]): Promise<void> {
  const gatewayClass = await api.apply({ apiVersion: GATEWAY_API, kind: 'GatewayClass', metadata: { name: 'test' }, spec: { controllerName: 'test/gateway' } }, { fieldManager: 'test', force: true });
  await api.replaceStatus({ ...gatewayClass, status: features.length > 0 ? { supportedFeatures: features.map((name) => ({ name })) } : {} });
}

/** Plays the gateway's controller: the conditions of its status, all of a reason `Played`. */
export async function sayOfGateway(api: KubeApi, gateway: KubeObject, says: Readonly<Record<string, 'True' | 'False' | 'Unknown'>>): Promise<void> {
  const conditions = Object.entries(says).map(([type, status]) => ({ type, status, reason: 'Played', message: `${type} is ${status}`, lastTransitionTime: '2026-01-01T00:00:00Z' }));
  await api.replaceStatus({ ...gateway, status: { conditions } });
}
