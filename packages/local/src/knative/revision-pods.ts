import { SERVER_PORT, type Container, type PodFields, type PodSpec } from 'cdk8s-kserve/api';
import { revisionServiceName } from '../gateway/compile-knative-route';
import { controlledBy } from '../reconciling/reconciler';
import type { Deployment } from '../workloads/types';
import type { Service } from '../workloads/endpoints';
import { KNATIVE_LABEL, labelsOf, type Revision, type RevisionSpec } from './types';

/** Fields of a revision's spec that a pod does not have. */
const REVISION_ONLY: readonly string[] = ['containerConcurrency', 'timeoutSeconds', 'responseStartTimeoutSeconds', 'idleTimeoutSeconds'];

export function revisionDeploymentName(revision: string): string {
  return `${revision}-deployment`;
}

/** The Deployment of a revision. Made once: a revision never changes, and its replicas are the autoscaler's. */
export function makeRevisionDeployment(revision: Revision, replicas: number): Deployment {
  const { name, namespace = 'default', annotations } = revision.metadata;
  const selector = { [KNATIVE_LABEL.revisionUid]: revision.metadata.uid ?? '' };
  const labels = { ...labelsOf(revision), app: name, [KNATIVE_LABEL.revision]: name, ...selector };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: revisionDeploymentName(name), namespace, labels, ...(annotations ? { annotations } : {}), ownerReferences: [controlledBy(revision)] },
    spec: {
      replicas,
      selector: { matchLabels: selector },
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0 } },
      template: { metadata: { labels, ...(annotations ? { annotations } : {}) }, spec: revisionPodSpec(revision) },
    },
  };
}

/** Selects the revision's pods; the gateway, which is activator and queue-proxy here, reads its Endpoints. */
export function makeRevisionService(revision: Revision): Service {
  const { name, namespace = 'default' } = revision.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: revisionServiceName(name), namespace, labels: { ...labelsOf(revision), [KNATIVE_LABEL.revision]: name }, ownerReferences: [controlledBy(revision)] },
    spec: {
      selector: { [KNATIVE_LABEL.revisionUid]: revision.metadata.uid ?? '' },
      ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: servingPort(revision.spec) }],
    },
  };
}

function revisionPodSpec(revision: Revision): PodSpec {
  const { containers, ...fields } = revision.spec;
  const podFields: PodFields = Object.fromEntries(Object.entries(fields).filter(([name]) => !REVISION_ONLY.includes(name)));
  const serving = servingContainer(revision.spec);
  return { ...podFields, containers: containers.map((c) => (c === serving ? makeServing(c, revision) : { name: 'sidecar', ...c })) };
}

/** The one container that has a port, or the only one. */
function servingContainer(spec: RevisionSpec): RevisionSpec['containers'][number] | undefined {
  return spec.containers.find((c) => c.ports?.length) ?? spec.containers[0];
}

function servingPort(spec: RevisionSpec): number {
  return servingContainer(spec)?.ports?.[0]?.containerPort ?? SERVER_PORT;
}

/** As Knative does: the port and who it is in the environment, and a readiness probe where there is none. */
function makeServing(container: RevisionSpec['containers'][number], { spec, metadata }: Revision): Container {
  const port = servingPort(spec);
  const labels = metadata.labels ?? {};
  const own = [
    { name: 'PORT', value: String(port) },
    { name: 'K_REVISION', value: metadata.name },
    { name: 'K_CONFIGURATION', value: labels[KNATIVE_LABEL.configuration] ?? '' },
    { name: 'K_SERVICE', value: labels[KNATIVE_LABEL.service] ?? '' },
  ];
  const { readinessProbe } = container;
  return {
    ...container,
    name: container.name ?? 'user-container',
    env: [...(container.env ?? []), ...own],
    ports: container.ports?.length ? container.ports : [{ name: 'user-port', containerPort: port, protocol: 'TCP' }],
    readinessProbe: readinessProbe ? atServingPort(readinessProbe, port) : { tcpSocket: { port }, successThreshold: 1 },
  };
}

/** In a Knative manifest the probe's port may be left out or 0: it is the serving port. */
function atServingPort(probe: NonNullable<Container['readinessProbe']>, port: number): NonNullable<Container['readinessProbe']> {
  if (probe.httpGet) return { ...probe, httpGet: { ...probe.httpGet, port: probe.httpGet.port || port } };
  return { ...probe, ...(probe.tcpSocket ? { tcpSocket: { ...probe.tcpSocket, port: probe.tcpSocket.port || port } } : {}) };
}
