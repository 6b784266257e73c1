import type { KubeObject } from '../api';

interface Spec {
  readonly selector?: Readonly<Record<string, string>>;
  readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
}

/** Whether a Service's selector finds the pods of a Deployment; one that was edited by hand may not. */
export function leadsTo(service: KubeObject, deployment: KubeObject): boolean {
  const labels = specOf(deployment).template?.metadata?.labels ?? {};
  return Object.entries(specOf(service).selector ?? {}).every(([key, value]) => labels[key] === value);
}

function specOf(object: KubeObject): Spec {
  return (object['spec'] ?? {}) as Spec;
}
