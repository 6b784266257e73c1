import { ANNOTATION, CONTAINER, KNATIVE_SERVING_API, LABEL, SERVER_PORT, type ComponentExtension, type KubeObject, type PlatformConfig, type PodSpec, type StringMap } from '../../api';
import type { Component } from '../component';
import { omit, templateLabels, unlessEmpty } from '../metadata';
import type { TrafficTarget } from './traffic';

/** Annotations that Knative wants on the Service and not on the revision. */
const SERVICE_ANNOTATIONS = [ANNOTATION.knativeRolloutDuration, 'serving.knative.openshift.io/enablePassthrough'];

/** The Knative Service of a serverless component. */
export function renderKnativeService(component: Component, traffic: readonly TrafficTarget[], config: PlatformConfig): KubeObject {
  const { name, namespace, metadata, pod, extension } = component;
  const moved = Object.fromEntries(Object.entries(metadata.annotations).filter(([key]) => SERVICE_ANNOTATIONS.includes(key)));
  const { timeout, containerConcurrency } = extension;
  return {
    apiVersion: KNATIVE_SERVING_API,
    kind: 'Service',
    metadata: { name, namespace, labels: withVisibility(metadata.labels), ...unlessEmpty('annotations', moved) },
    spec: {
      template: {
        metadata: {
          labels: templateLabels(metadata.labels, config),
          annotations: { ...omit(metadata.annotations, SERVICE_ANNOTATIONS), ...autoscalingAnnotations(metadata.annotations, extension) },
        },
        spec: {
          ...(timeout === undefined ? {} : { timeoutSeconds: timeout, responseStartTimeoutSeconds: timeout }),
          ...(containerConcurrency === undefined ? {} : { containerConcurrency }),
          ...withEntryPort(pod),
        },
      },
      traffic,
    },
  };
}

export function autoscalingAnnotations(given: StringMap, extension: Pick<ComponentExtension, 'scaleTarget' | 'scaleMetric' | 'minReplicas' | 'maxReplicas'>): StringMap {
  const { scaleTarget, scaleMetric, minReplicas, maxReplicas } = extension;
  const initial = given[ANNOTATION.knativeInitialScale];
  return {
    [ANNOTATION.knativeClass]: given[ANNOTATION.knativeClass] ?? 'kpa.autoscaling.knative.dev',
    [ANNOTATION.knativeMinScale]: String(minReplicas ?? 1),
    ...(maxReplicas ? { [ANNOTATION.knativeMaxScale]: String(maxReplicas) } : {}),
    ...(scaleTarget === undefined ? {} : { [ANNOTATION.knativeTarget]: String(scaleTarget) }),
    ...(scaleMetric === undefined ? {} : { [ANNOTATION.knativeMetric]: scaleMetric }),
    ...(initial === undefined ? {} : { [ANNOTATION.knativeInitialScale]: initial }),
  };
}

/** The container with a port gets the requests; Knative refuses several of which none has one. */
function withEntryPort(pod: PodSpec): PodSpec {
  if (pod.containers.length === 1 || pod.containers.some((container) => container.ports?.length)) return pod;
  const entry = pod.containers.find((container) => container.name === CONTAINER.transformer) ?? pod.containers[0];
  return { ...pod, containers: pod.containers.map((container) => (container === entry ? { ...container, ports: [{ containerPort: SERVER_PORT, protocol: 'TCP' }] } : container)) };
}

/** Either visibility label keeps a service inside the cluster; Knative reads only its own. */
function withVisibility(labels: StringMap): StringMap {
  return labels[LABEL.rawVisibility] === 'cluster-local' ? { ...labels, [LABEL.knativeVisibility]: 'cluster-local' } : labels;
}
