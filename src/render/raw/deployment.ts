import { ANNOTATION, CONTAINER, LABEL, SERVER_PORT, type ComponentExtension, type Container, type KubeObject, type PodSpec } from '../../api';
import { unlessEmpty, type ComponentMetadata } from '../metadata';
import { appLabel } from '../names';

/**
 * The Deployment of a raw component. Fields that equal the API server's defaults are left out, so that what was applied
 * and what is stored differ in nothing that matters.
 *
 * The replica count belongs to the autoscaler and is left out too, unless autoscaling is off.
 */
export function renderDeployment(name: string, namespace: string, metadata: ComponentMetadata, pod: PodSpec, extension: ComponentExtension): KubeObject {
  const labels = { ...metadata.labels, [LABEL.app]: appLabel(name) };
  const noAutoscaler = metadata.annotations[ANNOTATION.autoscalerClass] === 'none';
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels, ...unlessEmpty('annotations', metadata.annotations) },
    spec: {
      ...(noAutoscaler && extension.minReplicas !== undefined ? { replicas: extension.minReplicas } : {}),
      selector: { matchLabels: { [LABEL.app]: appLabel(name) } },
      strategy: extension.deploymentStrategy ?? { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: {
        metadata: { labels, ...unlessEmpty('annotations', metadata.annotations) },
        spec: { ...pod, containers: pod.containers.map(withRawDefaults) },
      },
    },
  };
}

/** A pod that is Ready before its server listens would be sent requests; Knative probes on its own, Kubernetes does not. */
function withRawDefaults(container: Container): Container {
  const serves = container.name === CONTAINER.server || container.name === CONTAINER.transformer;
  const probe = { tcpSocket: { port: container.ports?.[0]?.containerPort ?? SERVER_PORT }, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
  return {
    imagePullPolicy: 'IfNotPresent',
    // The tail of a crash is the cause that status shows; servers that write no message would otherwise leave none.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    ...(serves ? { readinessProbe: probe } : {}),
    ...container,
  };
}
