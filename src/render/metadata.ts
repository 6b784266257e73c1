import { ANNOTATION, LABEL, type ComponentExtension, type DeploymentMode, type InferenceService, type PlatformConfig, type ServingRuntime, type StringMap } from '../api';

/** Annotations that never reach a child: Knative's own bounds, kubectl's record, and our bookkeeping. */
const ANNOTATIONS_NOT_PASSED_ON = ['autoscaling.knative.dev/min-scale', 'autoscaling.knative.dev/max-scale', ANNOTATION.lastApplied, ANNOTATION.modelFormat];
const LABELS_NOT_PASSED_ON = [LABEL.knativeVisibility];

export interface ComponentMetadata {
  readonly labels: StringMap;
  readonly annotations: StringMap;
}

/** Labels and annotations of a component's objects: runtime's, then the service's, then the component's own. */
export function componentMetadata(
  service: InferenceService,
  component: 'predictor' | 'transformer' | 'explainer',
  extension: ComponentExtension,
  runtime: ServingRuntime | undefined,
  mode: DeploymentMode,
  config: PlatformConfig,
): ComponentMetadata {
  const annotations = annotationsPassedOn({ ...runtime?.spec.annotations, ...service.metadata.annotations, ...extension.annotations }, config);
  return {
    labels: {
      ...runtime?.spec.labels,
      ...service.metadata.labels,
      ...extension.labels,
      [LABEL.inferenceService]: service.metadata.name,
      [LABEL.component]: component,
    },
    annotations: ANNOTATION.deploymentMode in annotations ? { ...annotations, [ANNOTATION.deploymentMode]: mode } : annotations,
  };
}

/** Annotations and labels of the objects that belong to the service as a whole, such as its routes. */
export function serviceMetadata(service: InferenceService, mode: DeploymentMode, config: PlatformConfig): ComponentMetadata {
  const annotations = annotationsPassedOn({ ...service.metadata.annotations }, config);
  return {
    // KServe differs: routes carry the service's name as a label too, so that one selector finds every child.
    labels: { ...templateLabels(service.metadata.labels ?? {}, config), [LABEL.inferenceService]: service.metadata.name },
    annotations: ANNOTATION.deploymentMode in annotations ? { ...annotations, [ANNOTATION.deploymentMode]: mode } : annotations,
  };
}

/** Annotations that children may carry. */
export function annotationsPassedOn(annotations: StringMap, config: PlatformConfig): StringMap {
  return omit(annotations, [...ANNOTATIONS_NOT_PASSED_ON, ...config.inferenceService.serviceAnnotationDisallowedList]);
}

/** Labels as Knative's revision template and the routes may carry them. */
export function templateLabels(labels: StringMap, config: PlatformConfig): StringMap {
  return omit(labels, [...LABELS_NOT_PASSED_ON, ...config.inferenceService.serviceLabelDisallowedList]);
}

/** `{[field]: map}` unless the map is empty: an empty map in a manifest is noise. */
export function unlessEmpty<K extends string>(field: K, map: StringMap): { readonly [F in K]?: StringMap } {
  return Object.keys(map).length > 0 ? ({ [field]: map } as { readonly [F in K]?: StringMap }) : {};
}

export function omit(map: StringMap, keys: readonly string[]): StringMap {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}
