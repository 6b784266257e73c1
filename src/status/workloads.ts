import { KNATIVE_SERVING_API, LABEL, type InferenceServiceStatus, type KubeObject } from '../api';

/** Whether an object runs pods of a component or a router, of whichever mode. */
export function isWorkload({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  return kind === 'Deployment' || isKnative({ apiVersion, kind });
}

/** Whether an object is Knative's Service, not that of Kubernetes. */
export function isKnative({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  return apiVersion === KNATIVE_SERVING_API && kind === 'Service';
}

/** The component that a child is of; what carries no label is a predictor's. */
export function roleOf({ metadata }: KubeObject): string {
  return metadata.labels?.[LABEL.component] ?? 'predictor';
}

/** Kubernetes' Service of a name; a Deployment's has the Deployment's. */
export function serviceNamed(name: string, children: readonly KubeObject[]): KubeObject | undefined {
  return children.find((c) => c.apiVersion === 'v1' && c.kind === 'Service' && c.metadata.name === name);
}

/** The object whose address inside the cluster callers were told: the first part of its host. */
export function publishedName(status: InferenceServiceStatus | undefined): string | undefined {
  return status?.address?.url?.split('://')[1]?.split('.')[0];
}
