import { AGENT_PORT, CONTAINER, LABEL, SERVER_PORT, SERVICE_PORT, type ContainerPort, type KubeObject, type PlatformConfig, type PodSpec } from '../../api';
import type { Component } from '../component';
import { unlessEmpty } from '../metadata';
import { appLabel } from '../names';

/** One port of a component's Service. */
export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol: string;
  readonly targetPort: number;
  readonly appProtocol?: string;
}

/** The Service of a raw component: port 80 to the server's first port, further ports under their own numbers. */
export function renderService(component: Component, config: PlatformConfig): KubeObject {
  const { name, namespace, metadata } = component;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels: { ...metadata.labels, [LABEL.app]: appLabel(name) }, ...unlessEmpty('annotations', metadata.annotations) },
    spec: {
      ...(config.service.serviceClusterIPNone ? { clusterIP: 'None' } : {}),
      ports: servicePorts(component),
      selector: { [LABEL.app]: appLabel(name) },
    },
  };
}

/** Ports of a component's Service; where an agent takes the requests, the first leads to it. */
export function servicePorts({ name, pod, agent }: Component): readonly ServicePort[] {
  const [first, ...others] = mainPorts(pod);
  const entry: ServicePort = first ? servicePort(first, SERVICE_PORT) : { name, port: SERVICE_PORT, protocol: 'TCP', targetPort: SERVER_PORT };
  return [agent ? { ...entry, targetPort: AGENT_PORT } : entry, ...others.map((port) => servicePort(port, port.containerPort))];
}

function mainPorts(pod: PodSpec): readonly ContainerPort[] {
  const main = pod.containers.find((c) => c.name === CONTAINER.transformer) ?? pod.containers[0];
  return main?.ports ?? [];
}

function servicePort(port: ContainerPort, number: number): ServicePort {
  return {
    ...(port.name ? { name: port.name } : {}),
    port: number,
    protocol: port.protocol ?? 'TCP',
    targetPort: port.containerPort,
    ...(isHttp2(port.name) ? { appProtocol: 'kubernetes.io/h2c' } : {}),
  };
}

/** Port names say what is spoken there, as for Knative. */
export function isHttp2(portName: string | undefined): boolean {
  return portName !== undefined && /grpc|h2c/.test(portName);
}
