import { setMaxListeners } from 'node:events';
import type { KubeObject } from 'cdk8s-kserve/api';
import type { ApiResource, KubeApi } from '../kube/kube-api';
import type { BackoffOptions } from './backoff';
import { systemClock, type Clock } from './clock';
import { silentLog, type Log } from './log';
import { ObjectStore, type Indexer, type ObjectChange } from './object-store';
import { reflect } from './reflect';

export type ChangeHandler = (change: ObjectChange) => void;

export interface InformerOptions {
  readonly api: KubeApi;
  readonly resource: ApiResource;
  /** @default - all namespaces, in one watch */
  readonly namespaces?: readonly string[];
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Named look-ups for `byIndex`. */
  readonly indexers?: Readonly<Record<string, Indexer>>;
  /** Makes the object smaller before it is kept; must keep apiVersion, kind and metadata's identity and version, and may be asked twice. */
  readonly transform?: (object: KubeObject) => KubeObject;
  readonly clock?: Clock;
  /** How long to wait after failed lists and watches. @default 200 ms doubling to 30 s, less up to 30 % */
  readonly backoff?: BackoffOptions;
  readonly log?: Log;
}

/** A cache of one resource, kept current by list and watch, that tells its handlers about each change. */
export class Informer {
  readonly resource: ApiResource;
  /** Resolves when the first list of every namespace is in the cache; never rejects, since the informer keeps trying. */
  readonly synced: Promise<void>;
  /** Resolves when `synced` does, or earlier when the server says that we may not list the resource. */
  readonly answered: Promise<void>;
  private readonly options: InformerOptions;
  private readonly store: ObjectStore;
  private readonly handlers = new Set<ChangeHandler>();
  private readonly abort = new AbortController();
  private readonly keep: (object: KubeObject) => KubeObject;
  private markSynced: () => void = () => {};
  private markAnswered: () => void = () => {};
  private running: Promise<unknown> | undefined;
  private hasSynced = false;

  constructor(options: InformerOptions) {
    this.options = options;
    this.resource = options.resource;
    this.store = new ObjectStore(options.indexers);
    // Each namespace's watch listens, however many there are: no leak to warn of.
    setMaxListeners(0, this.abort.signal);
    this.keep = options.transform ?? ((object) => object);
    this.synced = new Promise((resolve) => {
      this.markSynced = resolve;
    });
    this.answered = new Promise((resolve) => {
      this.markAnswered = resolve;
    });
  }

  get isSynced(): boolean {
    return this.hasSynced;
  }

  get size(): number {
    return this.store.size;
  }

  /** By `namespace/name`, or `name` for a cluster-scoped kind. */
  get(key: string): KubeObject | undefined {
    return this.store.get(key);
  }

  list(): KubeObject[] {
    return this.store.list();
  }

  byIndex(index: string, value: string): KubeObject[] {
    return this.store.byIndex(index, value);
  }

  /** The handler first hears of everything already known as `added`. Returns the way to unsubscribe. */
  onChange(handler: ChangeHandler): () => void {
    this.handlers.add(handler);
    for (const object of this.store.list()) {
      handler({ type: 'added', object });
    }
    return () => this.handlers.delete(handler);
  }

  /**
   * Puts the server's answer to our own write into the cache, so that the next look does not see the past. Handlers are
   * not called: whoever wrote it knows.
   */
  observe(object: KubeObject): void {
    this.store.observe(this.keep(object));
  }

  /** Begins to list and watch. Calling it again does nothing. */
  start(): void {
    if (this.running) {
      return;
    }
    const { api, resource, clock = systemClock, log = silentLog, labelSelector, fieldSelector } = this.options;
    const backoff = this.options.backoff ?? { baseMs: 200, maxMs: 30_000 };
    const scopes = resource.namespaced && this.options.namespaces ? this.options.namespaces : [undefined];
    const waiting = new Set(scopes);
    this.running = Promise.all(
      scopes.map((namespace) =>
        reflect({
          api, resource, namespace, labelSelector, fieldSelector, clock, backoff, log, keep: this.options.transform,
          signal: this.abort.signal,
          target: {
            replace: (items, listVersion) => {
              const changes = this.store.replace(items.map(this.keep), listVersion, namespace);
              waiting.delete(namespace);
              if (waiting.size === 0 && !this.hasSynced) {
                this.hasSynced = true;
                this.markSynced();
                this.markAnswered();
              }
              changes.forEach((change) => this.notify(change));
            },
            upsert: (object) => this.notify(this.store.upsert(this.keep(object))),
            remove: (object) => this.notify(this.store.remove(object)),
            forbidden: () => this.markAnswered(),
          },
        }),
      ),
    );
  }

  /** Ends the watches. The cache stays readable. */
  async stop(): Promise<void> {
    this.abort.abort();
    await this.running;
  }

  private notify(change: ObjectChange | undefined): void {
    if (!change) {
      return;
    }
    for (const handler of this.handlers) {
      handler(change);
    }
  }
}
