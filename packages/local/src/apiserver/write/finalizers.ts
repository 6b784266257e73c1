import type { KubeObject } from 'cdk8s-kserve/api';
import { type FieldError, fieldForbidden } from '../field-error';

/** While dependents are deleted first. */
export const FOREGROUND_FINALIZER = 'foregroundDeletion';
/** While dependents are released. */
export const ORPHAN_FINALIZER = 'orphan';

export function newFinalizerErrors(old: KubeObject, next: KubeObject): FieldError[] {
  if (!old.metadata.deletionTimestamp) return [];
  const before = new Set(old.metadata.finalizers ?? []);
  const added = (next.metadata.finalizers ?? []).filter((finalizer) => !before.has(finalizer));
  if (added.length === 0) return [];
  const list = added.map((f) => JSON.stringify(f)).join(', ');
  return [fieldForbidden('metadata.finalizers', `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`)];
}
