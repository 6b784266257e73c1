import type { KubeObject } from 'cdk8s-kserve/api';
import { numberAt, stringAt } from '../json';
import type { ServedResource } from '../resources/served-resource';
import { inVersion, toStored } from '../resources/stored-form';
import { conflict, forbidden } from '../status-error';
import { storageKeyOf } from '../storage/object-store';
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from './finalizers';
import type { ObjectWriter } from './object-writer';

export interface DeleteRequest {
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan' | undefined;
  readonly gracePeriodSeconds?: number | undefined;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly dryRun: boolean;
}

export interface Deleted {
  /** The last state, or the state in which the object waits for its finalizers. */
  readonly object: KubeObject;
  readonly gone: boolean;
}

/** Namespaces that a cluster cannot do without. */
const PERMANENT_NAMESPACES = ['default', 'kube-system', 'kube-public'];

/** Deletes an object, or marks it as being deleted when something must happen first. @throws StatusError 403, 404, 409 */
export function deleteObject(writer: ObjectWriter, resource: ServedResource, name: string, namespace: string | undefined, request: DeleteRequest): Deleted {
  const old = writer.read(resource, name, namespace);
  checkPreconditions(resource, old, request);
  const isNamespace = resource.group === '' && resource.plural === 'namespaces';
  if (isNamespace && PERMANENT_NAMESPACES.includes(name)) throw forbidden(resource, name, 'this namespace may not be deleted');

  const finalizers = finalizersFor(old, request.propagationPolicy);
  const grace = gracePeriod(resource, old, request.gracePeriodSeconds);
  if (finalizers.length === 0 && grace === 0 && !isNamespace) {
    if (request.dryRun) return { object: old, gone: true };
    return { object: inVersion(resource, writer.store.remove(storageKeyOf(resource), old.metadata) ?? old), gone: true };
  }
  const marked = markDeleted(old, finalizers, grace, writer.time());
  const next = isNamespace ? { ...marked, status: { ...(marked['status'] as object | undefined), phase: 'Terminating' } } : marked;
  if (request.dryRun) return { object: next, gone: false };
  return { object: inVersion(resource, writer.store.put(storageKeyOf(resource), toStored(resource, next))), gone: false };
}

function checkPreconditions(resource: ServedResource, old: KubeObject, request: DeleteRequest): void {
  const { name, uid, resourceVersion } = old.metadata;
  if (request.uid !== undefined && request.uid !== uid) {
    throw conflict(resource, name, `Precondition failed: UID in precondition: ${request.uid}, UID in object meta: ${uid ?? ''}`);
  }
  if (request.resourceVersion !== undefined && request.resourceVersion !== resourceVersion) {
    throw conflict(resource, name, `Precondition failed: ResourceVersion in precondition: ${request.resourceVersion}, ResourceVersion in object meta: ${resourceVersion ?? ''}`);
  }
}

/** The policy replaces the garbage collector's finalizers; without one, those already there stand. */
function finalizersFor(old: KubeObject, policy: DeleteRequest['propagationPolicy']): readonly string[] {
  const present = old.metadata.finalizers ?? [];
  if (policy === undefined) return present;
  const others = present.filter((finalizer) => finalizer !== FOREGROUND_FINALIZER && finalizer !== ORPHAN_FINALIZER);
  if (policy === 'Foreground') return [...others, FOREGROUND_FINALIZER];
  return policy === 'Orphan' ? [...others, ORPHAN_FINALIZER] : others;
}

/** Only a pod that was given to a node and still runs is deleted gracefully: its kubelet ends it and deletes it for good. */
function gracePeriod(resource: ServedResource, object: KubeObject, asked: number | undefined): number {
  if (resource.group !== '' || resource.plural !== 'pods') return 0;
  const phase = stringAt(object, 'status', 'phase');
  if (!stringAt(object, 'spec', 'nodeName') || phase === 'Succeeded' || phase === 'Failed') return 0;
  const already = object.metadata.deletionTimestamp ? numberAt(object, 'metadata', 'deletionGracePeriodSeconds') : undefined;
  const wanted = asked ?? already ?? numberAt(object, 'spec', 'terminationGracePeriodSeconds') ?? 30;
  return Math.max(0, already === undefined ? wanted : Math.min(already, wanted));
}

function markDeleted(old: KubeObject, finalizers: readonly string[], grace: number, time: string): KubeObject {
  const { generation, deletionTimestamp } = old.metadata;
  // A second deletion may shorten the grace period, but the object is being deleted only once.
  const first = deletionTimestamp === undefined;
  const until = new Date(Date.parse(time) + grace * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  const metadata = {
    ...old.metadata, finalizers, deletionTimestamp: first ? until : deletionTimestamp, deletionGracePeriodSeconds: grace,
    ...(first && generation !== undefined ? { generation: generation + 1 } : {}),
  };
  if (finalizers.length === 0) delete (metadata as { finalizers?: unknown }).finalizers;
  return { ...old, metadata };
}
