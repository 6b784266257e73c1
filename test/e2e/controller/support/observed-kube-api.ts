import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';
import type { ApiResource, ApplyOptions, DeleteOptions, KubeApi, ListOptions, ListResult, WatchEvent, WatchOptions } from 'cdk8s-kserve-controller';

export interface Call {
  readonly verb: 'discover' | 'get' | 'list' | 'watch' | 'create' | 'replace' | 'apply' | 'applyStatus' | 'replaceStatus' | 'mergePatch' | 'delete';
  readonly kind: string;
  readonly name: string;
  /** Of one object, where it has one. */
  readonly namespace?: string;
}

/** A write that the server took. */
export interface Landed extends Call {
  /** The version that it left; none of what is gone. */
  readonly version?: number;
  /** Of what was deleted, where the deletion named it. */
  readonly uid?: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
}

const READS: readonly Call['verb'][] = ['discover', 'get', 'list', 'watch'];

/** A KubeApi that writes down every write on its way to another one, and that can be told to fail. */
export class ObservedKubeApi implements KubeApi {
  /** `apply Deployment iris-predictor`, in order, failed ones included. */
  readonly writes: string[] = [];
  /** Events that were recorded, the same way; they are news, not work. */
  readonly events: string[] = [];
  /** Called before each call goes out; what it throws is the answer. */
  before: (call: Call) => void = () => {};
  /** Called for each write that the server took. */
  landed: (write: Landed) => void = () => {};
  /** Whether this watch event breaks the stream. */
  dropWatch: (event: WatchEvent) => boolean = () => false;
  private readonly inner: KubeApi;

  constructor(inner: KubeApi) {
    this.inner = inner;
  }

  async discover(apiVersion: string, kind: string, options?: { readonly refresh?: boolean }): Promise<ApiResource | undefined> {
    this.note({ verb: 'discover', kind, name: '' });
    return this.inner.discover(apiVersion, kind, options);
  }

  async get(ref: ObjectRef): Promise<KubeObject | undefined> {
    this.note({ verb: 'get', ...nameOf(ref) });
    return this.inner.get(ref);
  }

  async list(resource: ApiResource, options?: ListOptions): Promise<ListResult> {
    this.note({ verb: 'list', kind: resource.kind, name: '' });
    return this.inner.list(resource, options);
  }

  async *watch(resource: ApiResource, options: WatchOptions): AsyncGenerator<WatchEvent, void, undefined> {
    this.note({ verb: 'watch', kind: resource.kind, name: '' });
    for await (const event of this.inner.watch(resource, options)) {
      if (this.dropWatch(event)) {
        throw new Error('the watch was dropped by the test');
      }
      yield event;
    }
  }

  async create(object: KubeObject): Promise<KubeObject> {
    return this.written({ verb: 'create', ...nameOf({ kind: object.kind, ...object.metadata }) }, () => this.inner.create(object));
  }

  async replace(object: KubeObject): Promise<KubeObject> {
    return this.written({ verb: 'replace', ...nameOf({ kind: object.kind, ...object.metadata }) }, () => this.inner.replace(object));
  }

  async apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
    return this.written({ verb: 'apply', ...nameOf({ kind: object.kind, ...object.metadata }) }, () => this.inner.apply(object, options));
  }

  async applyStatus(object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
    return this.written({ verb: 'applyStatus', ...nameOf({ kind: object.kind, ...object.metadata }) }, () => this.inner.applyStatus(object, options));
  }

  async replaceStatus(object: KubeObject): Promise<KubeObject> {
    return this.written({ verb: 'replaceStatus', ...nameOf({ kind: object.kind, ...object.metadata }) }, () => this.inner.replaceStatus(object));
  }

  async mergePatch(ref: ObjectRef, patch: object): Promise<KubeObject> {
    return this.written({ verb: 'mergePatch', ...nameOf(ref) }, () => this.inner.mergePatch(ref, patch));
  }

  async delete(ref: ObjectRef, options?: DeleteOptions): Promise<boolean> {
    return this.written({ verb: 'delete', ...nameOf(ref), ...(options?.uid ? { uid: options.uid } : {}) }, () => this.inner.delete(ref, options));
  }

  close(): void {
    this.inner.close();
  }

  private async written<T extends KubeObject | boolean>(call: Call & { readonly uid?: string }, send: () => Promise<T>): Promise<T> {
    this.note(call);
    const sentAt = Date.now();
    const answer = await send();
    const version = typeof answer === 'object' ? Number(answer.metadata.resourceVersion ?? 0) : undefined;
    if (answer !== false) this.landed({ ...call, ...(version === undefined ? {} : { version }), sentAt });
    return answer;
  }

  private note(call: Call): void {
    const { verb, kind, name } = call;
    if (!READS.includes(verb)) {
      (kind === 'Event' ? this.events : this.writes).push(`${verb} ${kind} ${name}`);
    }
    this.before(call);
  }
}

function nameOf({ kind, name, namespace }: Pick<ObjectRef, 'kind' | 'name' | 'namespace'>): Pick<Call, 'kind' | 'name' | 'namespace'> {
  return { kind, name, ...(namespace ? { namespace } : {}) };
}
