import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';

const GROUP = 'external.metrics.k8s.io';
const VERSION = 'v1beta1';
const NAME = 'keda-operator-metrics-apiserver';

/** What makes the API that HPA controllers read external metrics from. */
export const EXTERNAL_METRICS: ObjectRef = { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', name: `${VERSION}.${GROUP}` };

/** The name under which the API server wants the adapter's certificate. */
export function adapterHost(namespace: string): string {
  return `${NAME}.${namespace}.svc`;
}

/** With which the API server hands the group of external metrics on to KEDA's adapter; over loopback, since a Service may name a host. */
export function externalMetricsApi(namespace: string, port: number, certificate: string): readonly KubeObject[] {
  return [
    { apiVersion: 'v1', kind: 'Service', metadata: { name: NAME, namespace }, spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port }] } },
    {
      apiVersion: EXTERNAL_METRICS.apiVersion, kind: EXTERNAL_METRICS.kind, metadata: { name: EXTERNAL_METRICS.name },
      spec: { group: GROUP, version: VERSION, groupPriorityMinimum: 100, versionPriority: 100, caBundle: Buffer.from(certificate).toString('base64'), service: { namespace, name: NAME, port } },
    },
  ];
}
