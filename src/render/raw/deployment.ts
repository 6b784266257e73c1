import { ANNOTATION, CONTAINER, LABEL, MODE_ALIASES, SERVER_PORT, type Container, type KubeObject, type PlatformConfig, type Probe } from '../../api';
import type { Component } from '../component';
import { unlessEmpty } from '../metadata';
import { appLabel } from '../names';

/**
 * The Deployment of a raw component. Fields that equal the API server's defaults are left out, so that what was applied
 * and what is stored differ in nothing that matters.
 *
 * The replica count belongs to the autoscaler and is left out too, unless autoscaling is off.
 */
export function renderDeployment(component: Component, config: PlatformConfig): KubeObject {
  const { name, namespace, metadata, extension, pod } = component;
  const labels = { ...metadata.labels, [LABEL.app]: appLabel(name) };
  const noAutoscaler = metadata.annotations[ANNOTATION.autoscalerClass] === 'none';
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels, ...unlessEmpty('annotations', metadata.annotations) },
    spec: {
      ...(noAutoscaler && extension.minReplicas !== undefined ? { replicas: extension.minReplicas } : {}),
      selector: { matchLabels: { [LABEL.app]: appLabel(name) } },
      strategy: extension.deploymentStrategy ?? defaultStrategy(config),
      template: {
        metadata: { labels, ...unlessEmpty('annotations', metadata.annotations) },
        spec: { ...pod, containers: pod.containers.map(withRawDefaults) },
      },
    },
  };
}

/**
 * The platform's rollout where raw is the platform's mode, as in KServe; a quarter at a time otherwise.
 *
 * KServe differs: a plain count is a number; upstream writes it as a text, which the API server refuses.
 */
function defaultStrategy(config: PlatformConfig): object {
  const { defaultDeploymentMode, deploymentRolloutStrategy } = config.deploy;
  const given = MODE_ALIASES[defaultDeploymentMode] === 'Standard' ? deploymentRolloutStrategy.defaultRollout : undefined;
  const amount = (text: string | undefined): string | number => (text === undefined || text === '' ? '25%' : /^\d+$/.test(text) ? Number(text) : text);
  return { type: 'RollingUpdate', rollingUpdate: { maxSurge: amount(given?.maxSurge), maxUnavailable: amount(given?.maxUnavailable) } };
}

/** A pod that is Ready before its server listens would be sent requests; Knative probes on its own, Kubernetes does not. */
export function withRawDefaults(container: Container): Container {
  const serves = container.name === CONTAINER.server || container.name === CONTAINER.transformer;
  const port = container.ports?.[0]?.containerPort ?? SERVER_PORT;
  const probe = { tcpSocket: { port }, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
  return {
    imagePullPolicy: 'IfNotPresent',
    // The tail of a crash is the cause that status shows; servers that write no message would otherwise leave none.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    ...(serves ? { readinessProbe: probe } : {}),
    ...container,
    ...probesWithPort(container, port),
  };
}

/**
 * Knative lets a probe leave its port out and Kubernetes does not, so manifests written for one fail on the other.
 *
 * KServe differs: the server's port is filled in; upstream's Deployment is refused for ever.
 */
function probesWithPort(container: Container, port: number): Partial<Container> {
  const filled: Record<string, Probe> = {};
  for (const field of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    const probe = container[field];
    if (probe?.httpGet && !hasPort(probe.httpGet)) filled[field] = { ...probe, httpGet: { ...probe.httpGet, port } };
    if (probe?.tcpSocket && !hasPort(probe.tcpSocket)) filled[field] = { ...probe, tcpSocket: { ...probe.tcpSocket, port } };
  }
  return filled;
}

function hasPort(target: { readonly port?: number | string }): boolean {
  return target.port !== undefined && target.port !== 0 && target.port !== '';
}
