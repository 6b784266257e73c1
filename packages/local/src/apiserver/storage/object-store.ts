import { jsonEqual, objectKey, type KubeObject } from 'cdk8s-kserve/api';
import { WatchHistory, type StoreEvent } from './watch-history';

/** Names the objects of one resource whatever their version: `apps/deployments`, `/pods`. */
export type StorageKey = string;

export function storageKeyOf(resource: { readonly group: string; readonly storageGroup?: string; readonly plural: string }): StorageKey {
  return `${resource.storageGroup ?? resource.group}/${resource.plural}`;
}

export interface ObjectName {
  readonly name: string;
  readonly namespace?: string | undefined;
}

/**
 * All objects of the server, and the one counter that versions them. Objects are immutable: a write puts another one in
 * its place, so that readers, the watch history and responses may share them. Every method is synchronous, which is
 * what makes a read followed by a write within one turn of the event loop atomic.
 */
export class ObjectStore {
  readonly history: WatchHistory;
  private revision = 1;
  private readonly tables = new Map<StorageKey, Map<string, KubeObject>>();
  private readonly listeners = new Set<(event: StoreEvent) => void>();

  constructor(options: { readonly historyLimit: number }) {
    this.history = new WatchHistory(options.historyLimit);
  }

  /** The version of the last write. */
  get resourceVersion(): number {
    return this.revision;
  }

  get(key: StorageKey, name: ObjectName): KubeObject | undefined {
    return this.tables.get(key)?.get(objectKey(name));
  }

  /** In the order of namespace and name, which pagination relies on. */
  list(key: StorageKey, namespace?: string): readonly KubeObject[] {
    const all = [...(this.tables.get(key)?.values() ?? [])];
    return sortByName(namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace));
  }

  /** The list as it was at an earlier version. @returns undefined when the history no longer reaches back that far. */
  listAt(key: StorageKey, resourceVersion: number, namespace?: string): readonly KubeObject[] | undefined {
    if (resourceVersion >= this.revision) return this.list(key, namespace);
    const later = this.history.after(key, resourceVersion);
    if (!later) return undefined;
    const table = new Map(this.tables.get(key));
    for (const event of [...later].reverse()) {
      if (event.previous) table.set(objectKey(event.object.metadata), event.previous);
      else table.delete(objectKey(event.object.metadata));
    }
    return sortByName([...table.values()].filter((object) => namespace === undefined || object.metadata.namespace === namespace));
  }

  /** Every storage key that has objects in it. */
  keys(): readonly StorageKey[] {
    return [...this.tables].filter(([, table]) => table.size > 0).map(([key]) => key);
  }

  /**
   * Stores an object under the next version. An object equal to the one stored is not written again.
   * @returns the object with its resourceVersion
   */
  put(key: StorageKey, object: KubeObject): KubeObject {
    const name = objectKey(object.metadata);
    const previous = this.tables.get(key)?.get(name);
    if (previous && sameContent(previous, object)) return previous;
    const stored = this.stamp(object);
    this.tableOf(key).set(name, stored);
    this.publish({ type: previous ? 'MODIFIED' : 'ADDED', key, object: stored, previous, resourceVersion: this.revision });
    return stored;
  }

  /** Removes an object. @returns its last state under the version of the removal, or undefined when it was not there */
  remove(key: StorageKey, name: ObjectName): KubeObject | undefined {
    const previous = this.get(key, name);
    if (!previous) return undefined;
    this.tableOf(key).delete(objectKey(name));
    const last = this.stamp(previous);
    this.publish({ type: 'DELETED', key, object: last, previous, resourceVersion: this.revision });
    return last;
  }

  /** Calls back on every write from now on, within the write. */
  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private stamp(object: KubeObject): KubeObject {
    this.revision += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.revision) } };
  }

  private tableOf(key: StorageKey): Map<string, KubeObject> {
    let table = this.tables.get(key);
    if (!table) this.tables.set(key, (table = new Map<string, KubeObject>()));
    return table;
  }

  private publish(event: StoreEvent): void {
    this.history.add(event);
    for (const listener of [...this.listeners]) listener(event);
  }
}

function sortByName(objects: KubeObject[]): KubeObject[] {
  const keyed = objects.map((object) => ({ object, key: objectKey(object.metadata) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map((k) => k.object);
}

function sameContent(a: KubeObject, b: KubeObject): boolean {
  return jsonEqual({ ...a, metadata: { ...a.metadata, resourceVersion: '' } }, { ...b, metadata: { ...b.metadata, resourceVersion: '' } });
}
