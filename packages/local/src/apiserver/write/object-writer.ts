import { randomBytes, randomUUID } from 'node:crypto';
import type { KubeObject, ObjectMeta } from 'cdk8s-kserve/api';
import type { CelRules } from '../cel/cel-rules';
import { type Clock, timestamp } from '../clock';
import { invalidValue } from '../field-error';
import { invalid } from '../invalid-object';
import { without } from '../json';
import type { ServedResource } from '../resources/served-resource';
import { inVersion, toStored } from '../resources/stored-form';
import { trackUpdate } from '../ssa/track-update';
import { alreadyExists, conflict, MODIFIED, notFound } from '../status-error';
import { type ObjectStore, storageKeyOf } from '../storage/object-store';
import { checkNamespace } from './check-namespace';
import { cannotBeHandled } from './decode-object';
import { newFinalizerErrors } from './finalizers';
import { nextGeneration } from './generation';
import { normalize, type Normalized, unknownFieldMessages } from './normalize';
import { validateAgainstSchema } from './schema-errors';
import { validateMetadata } from './validate-metadata';
import type { WriteOptions, Written } from './write-options';

/** What an update needs besides the new state. */
export interface UpdateOptions extends WriteOptions {
  /** Server-side apply has worked out the owners itself. @default false */
  readonly keepManagedFields?: boolean;
  /** Patches carry no version unless they mean to; full updates of custom resources must. @default false */
  readonly requireVersion?: boolean;
}

/** The way of every object into the store: identity, defaults, validation, generation and field ownership. */
export class ObjectWriter {
  readonly store: ObjectStore;
  private readonly clock: Clock;
  private readonly cel: CelRules;

  constructor(store: ObjectStore, clock: Clock, cel: CelRules) {
    this.store = store;
    this.clock = clock;
    this.cel = cel;
  }

  /** The time of a write as objects carry it. */
  time(): string {
    return timestamp(this.clock);
  }

  /** @throws StatusError 404 */
  read(resource: ServedResource, name: string, namespace: string | undefined): KubeObject {
    const object = this.store.get(storageKeyOf(resource), { name, namespace });
    if (!object) throw notFound(resource, name);
    return inVersion(resource, object);
  }

  /** @throws StatusError 404 for the namespace, 409, 422 */
  create(resource: ServedResource, given: KubeObject, options: UpdateOptions): Written {
    const withName = { ...given, metadata: freshMetadata(given.metadata, this.time()) };
    checkNamespace(this.store, resource, withName);
    const status = resource.subresources.has('status') && resource.custom ? without(withName, 'status') : withName;
    const { object, unknownFields } = this.normalizeStrictly(resource, status, options);
    const generation = nextGeneration(resource, undefined, object);
    const complete = withMetadata(object, generation === undefined ? {} : { generation });
    this.validate(resource, complete, undefined);
    if (this.store.get(storageKeyOf(resource), complete.metadata)) throw alreadyExists(resource, complete.metadata.name);
    const owned = options.keepManagedFields ? withMetadata(complete, { managedFields: given.metadata.managedFields ?? [] }) : this.tracked(resource, undefined, complete, options);
    return { object: this.commit(resource, owned, options), created: true, unknownFields };
  }

  /** @throws StatusError 409, 422 */
  update(resource: ServedResource, old: KubeObject, given: KubeObject, options: UpdateOptions): Written {
    checkVersion(resource, old, given, options.requireVersion ?? false);
    const merged = options.subresource === 'status' ? keepAllButStatus(old, given) : keepServerParts(resource, old, given);
    const { object, unknownFields } = this.normalizeStrictly(resource, merged, options, old);
    const generation = nextGeneration(resource, old, object);
    const complete = withMetadata(object, generation === undefined ? {} : { generation });
    this.validate(resource, complete, old);
    const owned = options.keepManagedFields ? withMetadata(complete, { managedFields: given.metadata.managedFields ?? [] }) : this.tracked(resource, old, complete, options);
    if (isFinished(owned)) return { object: options.dryRun ? owned : inVersion(resource, this.store.remove(storageKeyOf(resource), owned.metadata) ?? owned), created: false, unknownFields };
    return { object: this.commit(resource, owned, options), created: false, unknownFields };
  }

  private normalizeStrictly(resource: ServedResource, object: KubeObject, options: WriteOptions, old?: KubeObject): Normalized {
    const normalized = normalize(resource, object, old);
    if (options.fieldValidation === 'Strict' && normalized.unknownFields.length > 0) {
      throw cannotBeHandled(resource, `strict decoding error: ${unknownFieldMessages(normalized.unknownFields).join(', ')}`);
    }
    return normalized;
  }

  private validate(resource: ServedResource, object: KubeObject, old: KubeObject | undefined): void {
    const errors = [
      ...validateMetadata(resource, object),
      ...(old ? newFinalizerErrors(old, object) : []),
      ...validateAgainstSchema(resource, object),
      ...(resource.validate?.(object, old) ?? []),
    ];
    if (errors.length > 0) throw invalid(resource, object.metadata.name, errors);
    // The real server asks the rules only about objects whose shape is right.
    const refused = this.cel.errors(resource.schema, object, old);
    if (refused.length > 0) throw invalid(resource, object.metadata.name, refused);
  }

  private tracked(resource: ServedResource, old: KubeObject | undefined, object: KubeObject, options: WriteOptions): KubeObject {
    const managedFields = trackUpdate(old, object, {
      schema: resource.schema, writer: options.writer, time: this.time(), hasStatusSubresource: resource.subresources.has('status'),
    });
    return withMetadata(object, { managedFields });
  }

  private commit(resource: ServedResource, object: KubeObject, options: WriteOptions): KubeObject {
    if (options.dryRun) return object;
    return inVersion(resource, this.store.put(storageKeyOf(resource), toStored(resource, object)));
  }
}

export function withMetadata(object: KubeObject, change: Partial<ObjectMeta>): KubeObject {
  return { ...object, metadata: { ...object.metadata, ...change } };
}

function freshMetadata(given: ObjectMeta, time: string): ObjectMeta {
  const kept = without(given, 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink', 'managedFields');
  const name = kept.name || (kept.generateName ? generateName(kept.generateName) : '');
  return { ...kept, name, uid: randomUUID(), creationTimestamp: time };
}

/** Kubernetes' alphabet for generated names has no vowels and no look-alikes. */
function generateName(base: string): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  const suffix = [...randomBytes(5)].map((byte) => alphabet[byte % alphabet.length]).join('');
  return `${base.slice(0, 63 - suffix.length)}${suffix}`;
}

function checkVersion(resource: ServedResource, old: KubeObject, given: KubeObject, requireVersion: boolean): void {
  const { name, uid, resourceVersion } = given.metadata;
  if (uid && uid !== old.metadata.uid) {
    throw conflict(resource, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid ?? ''}`);
  }
  if (resourceVersion && resourceVersion !== '0' && resourceVersion !== old.metadata.resourceVersion) throw conflict(resource, name, MODIFIED);
  if (!resourceVersion && requireVersion && resource.custom) {
    throw invalid(resource, name, [invalidValue('metadata.resourceVersion', 0, 'must be specified for an update')]);
  }
}

/** A write of the object itself: what the server keeps comes from the old state, and so does status when it has its own endpoint. */
function keepServerParts(resource: ServedResource, old: KubeObject, given: KubeObject): KubeObject {
  const SERVER_KEPT = ['uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generation', 'resourceVersion', 'generateName'];
  const kept = Object.fromEntries(Object.entries(old.metadata).filter(([name]) => SERVER_KEPT.includes(name)));
  const next = { ...given, metadata: { ...without(given.metadata, ...SERVER_KEPT), ...kept } };
  if (!resource.subresources.has('status')) return next;
  return { ...without(next, 'status'), ...(old['status'] === undefined ? {} : { status: old['status'] }) };
}

function keepAllButStatus(old: KubeObject, given: KubeObject): KubeObject {
  return { ...without(old, 'status'), ...(given['status'] === undefined ? {} : { status: given['status'] }) };
}

/** An object that is being deleted and has nothing left to wait for. */
function isFinished(object: KubeObject): boolean {
  const { deletionTimestamp, finalizers } = object.metadata;
  const grace = (object.metadata as { readonly deletionGracePeriodSeconds?: number }).deletionGracePeriodSeconds ?? 0;
  const namespaceFinalizers = object.kind === 'Namespace' && object.apiVersion === 'v1' ? (object['spec'] as { finalizers?: unknown[] } | undefined)?.finalizers ?? [] : [];
  return deletionTimestamp !== undefined && (finalizers ?? []).length === 0 && grace === 0 && namespaceFinalizers.length === 0;
}
