import { randomUUID } from 'node:crypto';
import { KubeApiError, type ApiResource, type ApplyOptions, type DeleteOptions, type KubeApi, type ListOptions, type ListResult, type WatchEvent, type WatchOptions } from 'cdk8s-kserve-controller';
import { objectKey, type KubeObject, type ObjectRef } from 'cdk8s-kserve/api';

type Listener = (event: WatchEvent & { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' }) => void;
type Mutable = Record<string, unknown> & { metadata: Record<string, unknown> };

/** An API server in the memory of a unit test: versions, watches, finishing deletes of pods; no schemas, no SSA ownership. */
export class MemoryKubeApi implements KubeApi {
  private readonly objects = new Map<string, KubeObject>();
  private readonly listeners = new Set<Listener>();
  private version = 0;

  discover(apiVersion: string, kind: string): Promise<ApiResource> {
    return Promise.resolve({ apiVersion, kind, plural: `${kind.toLowerCase()}s`, namespaced: true });
  }

  get(ref: ObjectRef): Promise<KubeObject | undefined> {
    return Promise.resolve(this.objects.get(idOf(ref)));
  }

  list(resource: ApiResource, options: ListOptions = {}): Promise<ListResult> {
    const items = [...this.objects.values()].filter((o) => o.kind === resource.kind && o.apiVersion === resource.apiVersion && inNamespace(o, options.namespace));
    return Promise.resolve({ items, resourceVersion: String(this.version) });
  }

  async *watch(resource: ApiResource, options: WatchOptions): AsyncGenerator<WatchEvent, void, undefined> {
    const pending: WatchEvent[] = [];
    let wake = (): void => undefined;
    const listener: Listener = (event) => {
      if (event.object.kind !== resource.kind || event.object.apiVersion !== resource.apiVersion || !inNamespace(event.object, options.namespace)) return;
      pending.push(event);
      wake();
    };
    this.listeners.add(listener);
    options.signal.addEventListener('abort', () => wake());
    try {
      while (!options.signal.aborted) {
        yield* pending.splice(0);
        if (pending.length === 0 && !options.signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.listeners.delete(listener);
    }
  }

  async create(object: KubeObject): Promise<KubeObject> {
    if (this.objects.has(idOf(refOfObject(object)))) throw refusal(409, 'AlreadyExists', object.metadata.name);
    const metadata = { namespace: 'default', ...object.metadata, uid: randomUUID(), generation: 1, creationTimestamp: new Date().toISOString() };
    return this.put('ADDED', { ...object, metadata });
  }

  async replace(object: KubeObject): Promise<KubeObject> {
    const live = this.live(refOfObject(object));
    return this.put('MODIFIED', { ...object, metadata: { ...object.metadata, generation: nextGeneration(live, object) } });
  }

  async apply(object: KubeObject, _options: ApplyOptions): Promise<KubeObject> {
    const live = this.objects.get(idOf(refOfObject(object)));
    if (!live) return this.create(object);
    const merged = merge(live, object) as KubeObject;
    return this.put('MODIFIED', { ...merged, metadata: { ...merged.metadata, generation: nextGeneration(live, merged) } });
  }

  async applyStatus(object: KubeObject, _options: ApplyOptions): Promise<KubeObject> {
    return this.replaceStatus(object);
  }

  async replaceStatus(object: KubeObject): Promise<KubeObject> {
    const live = this.live(refOfObject(object));
    if (object.metadata.uid && object.metadata.uid !== live.metadata.uid) throw refusal(409, 'Conflict', object.metadata.name);
    return this.put('MODIFIED', { ...live, status: object['status'] });
  }

  async mergePatch(ref: ObjectRef, patch: object): Promise<KubeObject> {
    const live = this.live(ref);
    const merged = merge(live, patch) as KubeObject;
    return this.put('MODIFIED', { ...merged, metadata: { ...merged.metadata, generation: nextGeneration(live, merged) } });
  }

  async delete(ref: ObjectRef, options: DeleteOptions = {}): Promise<boolean> {
    const live = this.objects.get(idOf(ref));
    if (!live || (options.uid && options.uid !== live.metadata.uid)) return false;
    const graceful = live.kind === 'Pod' && options.gracePeriodSeconds !== 0;
    if (!graceful) {
      this.objects.delete(idOf(ref));
      this.emit({ type: 'DELETED', object: live });
    } else if (!live.metadata.deletionTimestamp) {
      await this.put('MODIFIED', { ...live, metadata: { ...live.metadata, deletionTimestamp: new Date().toISOString() } });
    }
    return true;
  }

  close(): void {
    this.listeners.clear();
  }

  private live(ref: ObjectRef): KubeObject {
    const live = this.objects.get(idOf(ref));
    if (!live) throw refusal(404, 'NotFound', ref.name);
    return live;
  }

  private async put(type: 'ADDED' | 'MODIFIED', object: KubeObject): Promise<KubeObject> {
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.version) } };
    this.objects.set(idOf(refOfObject(object)), stored);
    this.emit({ type, object: stored });
    return stored;
  }

  private emit(event: Parameters<Listener>[0]): void {
    for (const listener of [...this.listeners]) listener(event);
  }
}

function idOf(ref: ObjectRef): string {
  return `${ref.apiVersion} ${ref.kind} ${objectKey({ name: ref.name, namespace: ref.namespace ?? 'default' })}`;
}

function refOfObject({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  return { apiVersion, kind, name: metadata.name, namespace: metadata.namespace ?? 'default' };
}

function inNamespace(object: KubeObject, namespace: string | undefined): boolean {
  return namespace === undefined || object.metadata.namespace === namespace;
}

function nextGeneration(live: KubeObject, next: KubeObject): number {
  const before = live.metadata.generation ?? 1;
  return JSON.stringify(live['spec']) === JSON.stringify(next['spec']) ? before : before + 1;
}

function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Mutable = { ...(target as Mutable) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}

function refusal(statusCode: number, reason: string, name: string): KubeApiError {
  return new KubeApiError({ request: name, statusCode, reason, message: `${name}: ${reason}` });
}
