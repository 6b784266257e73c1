import type { ComponentRole, PredictorSpec } from '../api';

/** Names of child objects: public API, since clients and dashboards address them. */
export function predictorName(service: string, predictor: Pick<PredictorSpec, 'name'>): string {
  return componentName(service, 'predictor', predictor.name);
}

/** Name of a component's objects; a version beside the stable one carries its name. */
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
