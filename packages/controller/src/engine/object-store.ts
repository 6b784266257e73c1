import { objectKey, type KubeObject } from 'cdk8s-kserve/api';
import { isOlder } from './resource-version';

/** One step of one object's life, as seen by the cache. */
export type ObjectChange =
  | { readonly type: 'added'; readonly object: KubeObject }
  | { readonly type: 'updated'; readonly object: KubeObject; readonly old: KubeObject }
  | { readonly type: 'deleted'; readonly object: KubeObject };

/** Names the index entries an object belongs under. */
export type Indexer = (object: KubeObject) => readonly string[];

/**
 * The latest known state of all objects of one resource, with indexes. Objects are shared with all readers: never
 * change one.
 */
export class ObjectStore {
  private readonly indexers: Readonly<Record<string, Indexer>>;
  private readonly objects = new Map<string, KubeObject>();
  private readonly indexes = new Map<string, Map<string, Set<string>>>();
  /** Our own writes that the watch has not shown yet, by key; they must not be undone by events from before them. */
  private readonly unconfirmed = new Map<string, string>();
  /** How far lists and watches have come, by namespace; what none of these names is under `''`. */
  private readonly seen = new Map<string, string>();

  constructor(indexers: Readonly<Record<string, Indexer>> = {}) {
    this.indexers = indexers;
    for (const name of Object.keys(indexers)) {
      this.indexes.set(name, new Map());
    }
  }

  get size(): number {
    return this.objects.size;
  }

  get(key: string): KubeObject | undefined {
    return this.objects.get(key);
  }

  list(): KubeObject[] {
    return [...this.objects.values()];
  }

  /** The objects whose indexer named this value. Throws on an index that does not exist. */
  byIndex(index: string, value: string): KubeObject[] {
    const entries = this.indexes.get(index);
    if (!entries) {
      throw new Error(`there is no index "${index}"; there are: ${[...this.indexes.keys()].join(', ')}`);
    }
    return [...(entries.get(value) ?? [])].flatMap((key) => this.objects.get(key) ?? []);
  }

  /** Takes in what the server sent. Nothing happens when the object is the one already known, or older than our own write. */
  upsert(object: KubeObject): ObjectChange | undefined {
    this.advance(object);
    const key = objectKey(object.metadata);
    const written = this.unconfirmed.get(key);
    if (written !== undefined) {
      if (isOlder(object.metadata.resourceVersion, written)) {
        return undefined;
      }
      this.unconfirmed.delete(key);
    }
    return this.put(key, object);
  }

  /** Takes in the server's answer to our own write, before the watch shows it. */
  observe(object: KubeObject): ObjectChange | undefined {
    const key = objectKey(object.metadata);
    const known = this.objects.get(key);
    const version = object.metadata.resourceVersion;
    if (version === undefined || (known ? !isOlder(known.metadata.resourceVersion, version) : this.hasSeen(object))) {
      return undefined; // The watch was faster than the answer: it has a later state, or the object is gone since.
    }
    this.unconfirmed.set(key, version);
    return this.put(key, object);
  }

  remove(object: KubeObject): ObjectChange | undefined {
    this.advance(object);
    const key = objectKey(object.metadata);
    const written = this.unconfirmed.get(key);
    if (written !== undefined && isOlder(object.metadata.resourceVersion, written)) {
      return undefined; // Deleted and made anew by us since.
    }
    return this.drop(key);
  }

  /**
   * Makes the store equal to a list. Only objects in `scope` (a namespace, or all) are dropped when missing, and not
   * those that we wrote after the list was taken.
   */
  replace(items: readonly KubeObject[], listVersion: string, scope?: string): ObjectChange[] {
    const changes: ObjectChange[] = [];
    const seen = new Set<string>();
    if (scope === undefined) {
      this.seen.clear();
    }
    this.seen.set(scope ?? '', listVersion);
    for (const item of items) {
      seen.add(objectKey(item.metadata));
      const change = this.upsert(item);
      if (change) {
        changes.push(change);
      }
    }
    for (const [key, object] of [...this.objects]) {
      const written = this.unconfirmed.get(key);
      const inScope = scope === undefined || object.metadata.namespace === scope;
      if (!inScope || seen.has(key) || (written !== undefined && isOlder(listVersion, written))) {
        continue;
      }
      const change = this.drop(key);
      if (change) {
        changes.push(change);
      }
    }
    return changes;
  }

  private advance({ metadata: { namespace = '', resourceVersion } }: KubeObject): void {
    if (resourceVersion !== undefined && !isOlder(resourceVersion, this.seen.get(namespace))) {
      this.seen.set(namespace, resourceVersion);
    }
  }

  /** Whether lists and watches have come past this version of an object. */
  private hasSeen({ metadata: { namespace = '', resourceVersion } }: KubeObject): boolean {
    return [this.seen.get(''), this.seen.get(namespace)].some((seen) => isOlder(resourceVersion, seen) || resourceVersion === seen);
  }

  private put(key: string, object: KubeObject): ObjectChange | undefined {
    const old = this.objects.get(key);
    if (old && old.metadata.resourceVersion === object.metadata.resourceVersion && old.metadata.uid === object.metadata.uid) {
      return undefined;
    }
    if (old) {
      this.unindex(key, old);
    }
    this.objects.set(key, object);
    for (const [name, indexer] of Object.entries(this.indexers)) {
      const entries = this.indexes.get(name) as Map<string, Set<string>>;
      for (const value of indexer(object)) {
        const keys = entries.get(value);
        if (keys) {
          keys.add(key);
        } else {
          entries.set(value, new Set([key]));
        }
      }
    }
    return old ? { type: 'updated', object, old } : { type: 'added', object };
  }

  private drop(key: string): ObjectChange | undefined {
    const old = this.objects.get(key);
    this.unconfirmed.delete(key);
    if (!old) {
      return undefined;
    }
    this.unindex(key, old);
    this.objects.delete(key);
    return { type: 'deleted', object: old };
  }

  private unindex(key: string, object: KubeObject): void {
    for (const [name, indexer] of Object.entries(this.indexers)) {
      const entries = this.indexes.get(name) as Map<string, Set<string>>;
      for (const value of indexer(object)) {
        const keys = entries.get(value);
        keys?.delete(key);
        if (keys?.size === 0) {
          entries.delete(value);
        }
      }
    }
  }
}
