import { isJsonObject, type KubeObject, type OwnerReference } from 'cdk8s-kserve/api';
import type { ResourceRegistry } from '../resources/resource-registry';
import type { StoreEvent } from '../storage/watch-history';
import { storageKeyOf } from '../storage/object-store';
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from '../write/finalizers';
import { deleteObject } from '../write/object-deleter';
import { type ObjectWriter, withMetadata } from '../write/object-writer';
import { WorkQueue } from './work-queue';

/** Where an object is, for the collector's indexes. */
interface Place {
  readonly key: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

/**
 * Deletes what nobody owns any more, and carries out foreground and orphan deletions: the garbage collector of
 * kube-controller-manager. Owners are matched by uid; a reference to a kind that is not served is left alone.
 */
export class GarbageCollector {
  private readonly writer: ObjectWriter;
  private readonly registry: ResourceRegistry;
  private readonly queue = new WorkQueue((uid) => this.reconcile(uid));
  private readonly places = new Map<string, Place>();
  /** Owner uid to the uids of its dependents. */
  private readonly dependents = new Map<string, Set<string>>();
  private unsubscribe: () => void = () => undefined;

  constructor(writer: ObjectWriter, registry: ResourceRegistry) {
    this.writer = writer;
    this.registry = registry;
  }

  start(): void {
    const { store } = this.writer;
    for (const key of store.keys()) for (const object of store.list(key)) this.index(key, object, undefined);
    this.unsubscribe = store.subscribe((event) => this.observe(event));
  }

  stop(): void {
    this.unsubscribe();
    this.queue.stop();
  }

  private observe(event: StoreEvent): void {
    const { object, previous, key, type } = event;
    const { uid } = object.metadata;
    if (uid === undefined) return;
    if (type === 'DELETED') {
      this.places.delete(uid);
      for (const owner of ownersOf(object)) {
        this.dependents.get(owner.uid)?.delete(uid);
        this.queue.add(owner.uid);
      }
      for (const dependent of this.dependents.get(uid) ?? []) this.queue.add(dependent);
      return;
    }
    this.index(key, object, previous);
    this.queue.add(uid);
    // An owner in foreground deletion waits for dependents that are released as well as for those that go.
    for (const owner of ownersOf(previous)) this.queue.add(owner.uid);
  }

  private index(key: string, object: KubeObject, previous: KubeObject | undefined): void {
    const { uid, name, namespace } = object.metadata;
    if (uid === undefined) return;
    this.places.set(uid, { key, name, namespace });
    for (const owner of ownersOf(previous)) this.dependents.get(owner.uid)?.delete(uid);
    for (const owner of ownersOf(object)) {
      const known = this.dependents.get(owner.uid);
      if (known) known.add(uid);
      else this.dependents.set(owner.uid, new Set([uid]));
    }
  }

  private reconcile(uid: string): void {
    const object = this.find(uid);
    if (!object) return;
    if (object.metadata.deletionTimestamp) {
      const finalizers = object.metadata.finalizers ?? [];
      if (finalizers.includes(ORPHAN_FINALIZER)) this.orphan(object);
      else if (finalizers.includes(FOREGROUND_FINALIZER)) this.deleteDependentsFirst(object);
      return;
    }
    this.deleteIfUnowned(object);
  }

  private deleteIfUnowned(object: KubeObject): void {
    const owners = ownersOf(object);
    if (owners.length === 0) return;
    const states = owners.map((reference) => ({ reference, state: this.stateOf(reference, object) }));
    const gone = states.filter((s) => s.state === 'absent');
    if (states.some((s) => s.state === 'present')) {
      if (gone.length > 0) this.dropReferences(object, new Set(gone.map((s) => s.reference.uid)));
      return;
    }
    if (states.some((s) => s.state === 'unknown')) return;
    // Owners that wait for their dependents take them along; foreground as themselves, so that theirs go first too.
    const waiting = states.some((s) => s.state === 'waiting');
    this.delete(object, waiting ? 'Foreground' : undefined);
  }

  private stateOf(reference: OwnerReference, dependent: KubeObject): 'present' | 'absent' | 'waiting' | 'unknown' {
    if (!this.registry.findKind(reference.apiVersion, reference.kind)) return 'unknown';
    const owner = this.find(reference.uid);
    // An owner in another namespace is no owner.
    if (!owner || (owner.metadata.namespace !== undefined && owner.metadata.namespace !== dependent.metadata.namespace)) return 'absent';
    return owner.metadata.deletionTimestamp && owner.metadata.finalizers?.includes(FOREGROUND_FINALIZER) ? 'waiting' : 'present';
  }

  private deleteDependentsFirst(owner: KubeObject): void {
    let blocking = 0;
    for (const dependent of this.dependentsOf(owner)) {
      const blocks = ownersOf(dependent).some((reference) => reference.uid === owner.metadata.uid && reference.blockOwnerDeletion === true);
      this.deleteIfUnownedExceptBy(dependent, owner);
      if (blocks && this.find(dependent.metadata.uid ?? '')) blocking += 1;
    }
    if (blocking === 0) this.dropFinalizer(owner, FOREGROUND_FINALIZER);
  }

  private deleteIfUnownedExceptBy(dependent: KubeObject, owner: KubeObject): void {
    if (dependent.metadata.deletionTimestamp) return;
    const others = ownersOf(dependent).filter((reference) => reference.uid !== owner.metadata.uid);
    if (others.some((reference) => this.stateOf(reference, dependent) === 'present')) this.dropReferences(dependent, new Set([owner.metadata.uid ?? '']));
    else this.delete(dependent, 'Foreground');
  }

  private orphan(owner: KubeObject): void {
    for (const dependent of this.dependentsOf(owner)) this.dropReferences(dependent, new Set([owner.metadata.uid ?? '']));
    this.dropFinalizer(owner, ORPHAN_FINALIZER);
  }

  private dependentsOf(owner: KubeObject): readonly KubeObject[] {
    return [...(this.dependents.get(owner.metadata.uid ?? '') ?? [])].flatMap((uid) => this.find(uid) ?? []);
  }

  private find(uid: string): KubeObject | undefined {
    const place = this.places.get(uid);
    return place && this.writer.store.get(place.key, place);
  }

  private delete(object: KubeObject, propagationPolicy: 'Foreground' | undefined): void {
    const resource = this.resourceOf(object);
    if (resource) deleteObject(this.writer, resource, object.metadata.name, object.metadata.namespace, { propagationPolicy: propagationPolicy ?? 'Background', uid: object.metadata.uid, dryRun: false });
  }

  private dropReferences(object: KubeObject, uids: ReadonlySet<string>): void {
    const ownerReferences = ownersOf(object).filter((reference) => !uids.has(reference.uid));
    this.put(withMetadata(object, { ownerReferences }));
  }

  private dropFinalizer(object: KubeObject, finalizer: string): void {
    const finalizers = (object.metadata.finalizers ?? []).filter((f) => f !== finalizer);
    const key = this.keyOf(object);
    if (key === undefined) return;
    if (finalizers.length === 0 && !isGraceful(object)) this.writer.store.remove(key, object.metadata);
    else this.put(withMetadata(object, { finalizers }));
  }

  private put(object: KubeObject): void {
    const key = this.keyOf(object);
    if (key !== undefined) this.writer.store.put(key, object);
  }

  private keyOf(object: KubeObject): string | undefined {
    return this.places.get(object.metadata.uid ?? '')?.key;
  }

  private resourceOf(object: KubeObject): ReturnType<ResourceRegistry['anyVersion']> {
    const key = this.keyOf(object);
    return this.registry.all().find((resource) => storageKeyOf(resource) === key);
  }
}

function ownersOf(object: KubeObject | undefined): readonly OwnerReference[] {
  return (object?.metadata.ownerReferences ?? []).filter((reference) => isJsonObject(reference));
}

/** A pod that its kubelet is still ending. */
function isGraceful(object: KubeObject): boolean {
  return ((object.metadata as { readonly deletionGracePeriodSeconds?: number }).deletionGracePeriodSeconds ?? 0) > 0;
}
