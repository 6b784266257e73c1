import type { ComponentRole, InferenceService } from '../api';

/** Name of a component's objects in the stable version: public API, since clients and dashboards address them. A predictor may bring a name of its own. */
export function stableName({ metadata, spec }: InferenceService, role: ComponentRole): string {
  return componentName(metadata.name, role, role === 'predictor' ? spec.predictor.name : undefined);
}

/** The same in a version beside the stable one, which carries that version's name. */
export function componentName(service: string, role: ComponentRole, variant?: string): string {
  return variant ? `${service}-${variant}-${role}` : `${service}-${role}`;
}

/** Value of the `app` label that selects a raw component's pods. */
export function appLabel(objectName: string): string {
  return `isvc.${objectName}`;
}

/** Cluster-internal DNS name of a Service. */
export function serviceHost(name: string, namespace: string, clusterDomain = 'cluster.local'): string {
  return `${name}.${namespace}.svc.${clusterDomain}`;
}
