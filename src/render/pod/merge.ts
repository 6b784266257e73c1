import type { Container, PodFields, RuntimePodFields } from '../../api';

/**
 * Overlays a model's container fields on its runtime's container: Kubernetes' strategic merge, except that arguments
 * are appended, since a runtime's arguments (model name, directory, port) always hold.
 */
export function mergeContainer(base: Container, overlay: Partial<Container>): Container {
  const merged: Record<string, unknown> = { ...deepMerge(base, overlay), name: base.name };
  const args = [...(base.args ?? []), ...(overlay.args ?? [])];
  if (args.length > 0) merged['args'] = args;
  const keyed = {
    env: mergeKeyed(base.env, overlay.env, (e) => e.name),
    ports: mergeKeyed(base.ports, overlay.ports, (p) => `${p.containerPort}/${p.protocol ?? 'TCP'}`),
    volumeMounts: mergeKeyed(base.volumeMounts, overlay.volumeMounts, (m) => m.mountPath),
  };
  for (const [field, value] of Object.entries(keyed)) if (value) merged[field] = value;
  return merged as unknown as Container;
}

/** Overlays a service's pod fields on its runtime's. */
export function mergePodFields(base: RuntimePodFields, overlay: PodFields): PodFields {
  const { hostIPC: _ignored, ...runtime } = base;
  const merged: Record<string, unknown> = { ...runtime, ...overlay };
  if (base.nodeSelector && overlay.nodeSelector) merged['nodeSelector'] = { ...base.nodeSelector, ...overlay.nodeSelector };
  if (base.affinity && overlay.affinity) merged['affinity'] = deepMerge(base.affinity, overlay.affinity);
  const volumes = mergeKeyed(base.volumes, overlay.volumes, (v) => v.name);
  if (volumes) merged['volumes'] = volumes;
  const secrets = mergeKeyed(base.imagePullSecrets, overlay.imagePullSecrets, (s) => s.name ?? '');
  if (secrets) merged['imagePullSecrets'] = secrets;
  return merged;
}

/**
 * Merges two lists by key. Items of both keep the overlay's fields over the base's; an item that only the overlay has
 * comes before base items whose place relative to it is unknown: the order of Kubernetes' strategic merge patch, which
 * existing pods have and which a different order would restart.
 */
export function mergeKeyed<T extends object>(base: readonly T[] | undefined, overlay: readonly T[] | undefined, keyOf: (item: T) => string): readonly T[] | undefined {
  if (!base || !overlay) return base ?? overlay;
  const basePosition = new Map(base.map((item, index) => [keyOf(item), index]));
  const overlaid = new Set(overlay.map(keyOf));
  const left = base.filter((item) => !overlaid.has(keyOf(item)));
  const right = overlay.map((item) => {
    const position = basePosition.get(keyOf(item));
    return position === undefined ? item : mergeItem(base[position] as T, item);
  });
  const merged: T[] = [];
  let l = 0;
  for (const item of right) {
    const position = basePosition.get(keyOf(item));
    while (position !== undefined && l < left.length && (basePosition.get(keyOf(left[l] as T)) ?? 0) < position) merged.push(left[l++] as T);
    merged.push(item);
  }
  return [...merged, ...left.slice(l)];
}

/** An env entry has a value or a source, never both: the overlay's kind wins. */
function mergeItem<T extends object>(base: T, overlay: T): T {
  const merged: Record<string, unknown> = { ...(base as Record<string, unknown>), ...(overlay as Record<string, unknown>) };
  if ('value' in overlay) delete merged['valueFrom'];
  if ('valueFrom' in overlay) delete merged['value'];
  return merged as T;
}

/** Maps merge key by key; lists and scalars of the overlay replace. */
export function deepMerge<T extends object>(base: T, overlay: object): T {
  const merged: Record<string, unknown> = { ...(base as Record<string, unknown>) };
  for (const [key, value] of Object.entries(overlay)) {
    const existing = merged[key];
    merged[key] = isMap(existing) && isMap(value) ? deepMerge(existing, value) : value;
  }
  return merged as T;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
