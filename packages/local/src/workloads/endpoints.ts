import type { KubeObject, StringMap } from 'cdk8s-kserve/api';
import { containerPortOf, isPodReady, isTerminating, type Pod } from '../kubelet/pod';
import { parsePortsAnnotation, PORTS_ANNOTATION } from '../kubelet/ports';
import { matchesSelector } from './types';

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly protocol?: string;
  readonly appProtocol?: string;
}

export interface Service extends KubeObject {
  readonly spec: {
    readonly type?: string;
    readonly selector?: StringMap;
    readonly ports?: readonly ServicePort[];
    readonly publishNotReadyAddresses?: boolean;
    readonly externalName?: string;
  };
}

export interface EndpointAddress {
  readonly ip: string;
  readonly nodeName?: string;
  readonly targetRef?: { readonly kind: 'Pod'; readonly name: string; readonly namespace: string; readonly uid: string };
}

export interface EndpointSubset {
  readonly addresses?: readonly EndpointAddress[];
  readonly notReadyAddresses?: readonly EndpointAddress[];
  readonly ports: readonly { readonly name?: string; readonly port: number; readonly protocol: string; readonly appProtocol?: string }[];
}

/**
 * The pods behind a Service. Every pod is a subset of its own, because every pod has ports of its own here; that is
 * allowed, and what reads Endpoints correctly (kubectl too) shows the addresses that really answer.
 */
export function endpointSubsets(service: Service, pods: readonly Pod[]): readonly EndpointSubset[] {
  return pods
    .filter((pod) => matchesSelector(pod.metadata.labels, service.spec.selector) && !isTerminating(pod) && pod.status?.podIP !== undefined)
    .flatMap((pod) => subsetOf(service, pod) ?? [])
    .sort((a, b) => (a.ports[0]?.port ?? 0) - (b.ports[0]?.port ?? 0));
}

/** Ports of this machine that stand for those of a Service, at one of its pods. */
export function portsAt(service: Service, pod: Pod): EndpointSubset['ports'] {
  const mapped = parsePortsAnnotation(pod.metadata.annotations?.[PORTS_ANNOTATION]);
  return (service.spec.ports ?? []).flatMap((port) => {
    const containerPort = containerPortOf(pod.spec.containers, port.targetPort ?? port.port);
    const hostPort = containerPort === undefined ? undefined : mapped.get(containerPort);
    if (hostPort === undefined) return [];
    return [{ ...(port.name ? { name: port.name } : {}), port: hostPort, protocol: port.protocol ?? 'TCP', ...(port.appProtocol ? { appProtocol: port.appProtocol } : {}) }];
  });
}

function subsetOf(service: Service, pod: Pod): EndpointSubset | undefined {
  const ports = portsAt(service, pod);
  if (ports.length === 0) return undefined;
  const { name, namespace = 'default', uid = '' } = pod.metadata;
  const address: EndpointAddress = { ip: pod.status?.podIP ?? '', ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}), targetRef: { kind: 'Pod', name, namespace, uid } };
  const ready = isPodReady(pod) || service.spec.publishNotReadyAddresses === true;
  return { [ready ? 'addresses' : 'notReadyAddresses']: [address], ports };
}
