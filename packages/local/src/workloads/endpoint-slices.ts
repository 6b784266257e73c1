import type { KubeObject } from 'cdk8s-kserve/api';
import { isPodReady, isTerminating, type Pod } from '../kubelet/pod';
import { controlledBy } from '../reconciling/reconciler';
import { portsAt, type Service } from './endpoints';
import { matchesSelector } from './types';

const DISCOVERY_API = 'discovery.k8s.io/v1';

/**
 * The EndpointSlices of a Service, one for each pod: all endpoints of a slice share its ports, and every pod has ports of
 * its own here. Pods on their way out stay in, marked, as long as they are there. A Service without pods has one slice
 * with nothing in it: consumers take none at all for a Service that nobody looks after.
 */
export function endpointSlices(service: Service, pods: readonly Pod[]): readonly KubeObject[] {
  const slices = pods
    .filter((pod) => matchesSelector(pod.metadata.labels, service.spec.selector) && pod.status?.podIP !== undefined)
    .flatMap((pod) => sliceOfPod(service, pod) ?? []);
  return slices.length > 0 ? slices : [slice(service, 'none', [], [])];
}

function sliceOfPod(service: Service, pod: Pod): KubeObject | undefined {
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
  return slice(service, uid, [endpoint], ports);
}

function slice(service: Service, suffix: string, endpoints: readonly object[], ports: readonly object[]): KubeObject {
  const { name, namespace = 'default' } = service.metadata;
  return {
    apiVersion: DISCOVERY_API,
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${suffix}`, namespace, ownerReferences: [controlledBy(service)],
      labels: { 'kubernetes.io/service-name': name, 'endpointslice.kubernetes.io/managed-by': 'isvc-kubelet' },
    },
    addressType: 'IPv4',
    endpoints,
    ports,
  };
}
