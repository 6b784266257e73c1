import {
  ANNOTATION, LABEL, type ComponentExtension, type KubeObject, type PlatformConfig, type PodSpec, type StringMap,
} from '../../api';
import { omit, templateLabels, unlessEmpty, type ComponentMetadata } from '../metadata';

/** Annotations that Knative wants on the Service and not on the revision. */
const SERVICE_ANNOTATIONS = [ANNOTATION.knativeRolloutDuration, 'serving.knative.openshift.io/enablePassthrough'];

/** The Knative Service of a serverless component. */
export function renderKnativeService(name: string, namespace: string, metadata: ComponentMetadata, pod: PodSpec, extension: ComponentExtension, config: PlatformConfig): KubeObject {
  const moved = Object.fromEntries(Object.entries(metadata.annotations).filter(([key]) => SERVICE_ANNOTATIONS.includes(key)));
  const { timeout, containerConcurrency } = extension;
  const tagged = metadata.annotations[ANNOTATION.enableTagRouting] === 'true';
  return {
    apiVersion: 'serving.knative.dev/v1',
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
          ...pod,
        },
      },
      traffic: [{ latestRevision: true, percent: 100, ...(tagged ? { tag: 'latest' } : {}) }],
    },
  };
}

function autoscalingAnnotations(given: StringMap, extension: ComponentExtension): StringMap {
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

/** Either visibility label keeps a service inside the cluster; Knative reads only its own. */
function withVisibility(labels: StringMap): StringMap {
  return labels[LABEL.rawVisibility] === 'cluster-local' ? { ...labels, [LABEL.knativeVisibility]: 'cluster-local' } : labels;
}
