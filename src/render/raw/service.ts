import { CONTAINER, LABEL, SERVER_PORT, SERVICE_PORT, type ContainerPort, type KubeObject, type PlatformConfig, type PodSpec } from '../../api';
import { unlessEmpty, type ComponentMetadata } from '../metadata';
import { appLabel } from '../names';

/** The Service of a raw component: port 80 to the server's first port, further ports under their own numbers. */
export function renderService(name: string, namespace: string, metadata: ComponentMetadata, pod: PodSpec, config: PlatformConfig): KubeObject {
  const main = pod.containers.find((c) => c.name === CONTAINER.transformer) ?? pod.containers[0];
  const [first, ...others] = main?.ports ?? [];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels: { ...metadata.labels, [LABEL.app]: appLabel(name) }, ...unlessEmpty('annotations', metadata.annotations) },
    spec: {
      ...(config.service.serviceClusterIPNone ? { clusterIP: 'None' } : {}),
      ports: [firstPort(name, first), ...others.map((port) => servicePort(port, port.containerPort))],
      selector: { [LABEL.app]: appLabel(name) },
    },
  };
}

function firstPort(name: string, port: ContainerPort | undefined): object {
  if (!port) return { name, port: SERVICE_PORT, protocol: 'TCP', targetPort: SERVER_PORT };
  return servicePort(port, SERVICE_PORT);
}

function servicePort(port: ContainerPort, number: number): object {
  const http2 = port.name !== undefined && /grpc|h2c/.test(port.name);
  return {
    ...(port.name ? { name: port.name } : {}),
    port: number,
    protocol: port.protocol ?? 'TCP',
    targetPort: port.containerPort,
    ...(http2 ? { appProtocol: 'kubernetes.io/h2c' } : {}),
  };
}
