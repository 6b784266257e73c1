import type { KubeObject } from 'cdk8s-kserve/api';
import { isPodReady, isTerminating, type Pod } from '../kubelet/pod';
import { controlledBy } from '../reconciling/reconciler';
import { portsAt, type Service } from './endpoints';
import { matchesSelector } from './types';

const DISCOVERY_API = 'discovery.k8s.io/v1';

/**
 * The EndpointSlices of a Service, one for each pod: all endpoints of a slice share its ports, and every pod has ports of
 * its own here. Pods on their way out stay in, marked, as long as they are there.
 */
export function endpointSlices(service: Service, pods: readonly Pod[]): readonly KubeObject[] {
  return pods
    .filter((pod) => matchesSelector(pod.metadata.labels, service.spec.selector) && pod.status?.podIP !== undefined)
    .flatMap((pod) => sliceOf(service, pod) ?? []);
}

function sliceOf(service: Service, pod: Pod): KubeObject | undefined {
  // A port without a name has the empty one in a slice, and consumers look for it.
  const ports = portsAt(service, pod).map((port) => ({ ...port, name: port.name ?? '' }));
  if (ports.length === 0) return undefined;
  const { name, namespace = 'default', uid = '' } = pod.metadata;
  const serving = isPodReady(pod);
  const terminating = isTerminating(pod);
  const endpoint = {
    addresses: [pod.status?.podIP ?? ''],
    conditions: { ready: service.spec.publishNotReadyAddresses === true || (serving && !terminating), serving, terminating },
    ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    targetRef: { kind: 'Pod', name, namespace, uid },
  };
  return {
    apiVersion: DISCOVERY_API,
    kind: 'EndpointSlice',
    metadata: {
      name: `${service.metadata.name}-${uid}`, namespace, ownerReferences: [controlledBy(service)],
      labels: { 'kubernetes.io/service-name': service.metadata.name, 'endpointslice.kubernetes.io/managed-by': 'isvc-kubelet' },
    },
    addressType: 'IPv4',
    endpoints: [endpoint],
    ports,
  };
}
