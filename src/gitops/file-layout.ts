import { IsvcError, type KubeObject } from '../api';

/** Folder of objects without a namespace; no namespace can have this name. */
export const CLUSTER_FOLDER = '_cluster';
/** Kinds of the core group. Knative has a Service too, and both may carry one name in one namespace. */
const CORE_KINDS = new Set(['Service', 'Secret', 'ConfigMap', 'ServiceAccount', 'Namespace', 'Pod', 'PersistentVolumeClaim', 'PersistentVolume']);

/**
 * Where each object lies: `NAMESPACE/KIND-NAME.yaml`. A path follows from its object alone, so that nothing else in the
 * app can rename a file.
 *
 * @throws IsvcError ISVC_CONSTRUCT_MISUSE when two objects have one path, that is, one identity.
 */
export function layOut(objects: readonly KubeObject[]): ReadonlyMap<string, KubeObject> {
  const files = new Map<string, KubeObject>();
  for (const object of objects) {
    const path = pathOf(object);
    if (files.has(path)) {
      const { kind, metadata } = object;
      throw new IsvcError('ISVC_CONSTRUCT_MISUSE', `${path}: two objects are ${kind} "${metadata.name}" in namespace "${metadata.namespace ?? ''}"; give one of them another name`, { path });
    }
    files.set(path, object);
  }
  return files;
}

function pathOf({ apiVersion, kind, metadata }: KubeObject): string {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  const type = group !== '' && CORE_KINDS.has(kind) ? `${kind}.${group}` : kind;
  return `${metadata.namespace ?? CLUSTER_FOLDER}/${type.toLowerCase()}-${metadata.name.replace(/[^A-Za-z0-9._-]/g, '_')}.yaml`;
}
