import type { KubeObject } from '../../api';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A Deployment without the fields of its pod template that we always set, KServe never, and that no client of the pods sees:
 * where a container's last words are read from, and variables for each Service of the namespace. For them alone a
 * Deployment that KServe's controller made does not restart its pods; it gets them with its next rollout.
 */
export function withoutOurHabits(deployment: KubeObject): KubeObject {
  const spec = deployment['spec'] as Fields;
  const template = spec['template'] as Fields;
  const pod = template['spec'] as Fields & { readonly containers: readonly Fields[] };
  const containers = pod.containers.map((container) => without(container, 'terminationMessagePolicy', 'FallbackToLogsOnError'));
  return { ...deployment, spec: { ...spec, template: { ...template, spec: { ...without(pod, 'enableServiceLinks', false), containers } } } };
}

/** Whether these are ours to change: a Deployment on which our field manager has set them follows what is rendered. */
export function hasOurHabits(live: KubeObject, fieldManager: string): boolean {
  const record = live.metadata.managedFields as readonly { readonly manager?: string; readonly operation?: string; readonly fieldsV1?: unknown }[] | undefined;
  const ours = record?.find((entry) => entry.manager === fieldManager && entry.operation === 'Apply');
  return ['f:spec', 'f:template', 'f:spec', 'f:enableServiceLinks'].reduce<unknown>((fields, step) => (fields as Fields | undefined)?.[step], ours?.fieldsV1) !== undefined;
}

function without(fields: Fields, name: string, habit: unknown): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([field, value]) => field !== name || value !== habit));
}
