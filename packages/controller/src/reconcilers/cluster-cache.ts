import type { KubeObject } from 'cdk8s-kserve/api';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { pause, type Clock } from '../engine/clock';
import { Informer } from '../engine/informer';
import type { Log } from '../engine/log';
import type { ObjectChange } from '../engine/object-store';
import type { KubeApi } from '../kube/kube-api';
import { kindName, type WatchedKind } from './watched-kinds';

export interface ClusterCacheOptions {
  readonly api: KubeApi;
  readonly kinds: readonly WatchedKind[];
  readonly clock: Clock;
  readonly log: Log;
  /** @default - all namespaces */
  readonly namespaces?: readonly string[] | undefined;
  /** Where the ConfigMap of the platform is. */
  readonly configNamespace: string;
  /** How often kinds that the cluster lacked, or might have lost, are looked for. */
  readonly redetectMs: number;
  readonly onChange: (kind: WatchedKind, change: ObjectChange) => void;
  /** The set of served APIs is another one than before. */
  readonly onApisChanged: () => void;
}

/** An API is believed gone when discovery misses it this often in a row: a starting API server forgets CRDs for a moment. */
const MISSES_BEFORE_GONE = 2;
const RETRY_DETECT_MS = 1_000;

/**
 * The part of the cluster that the controller reads: one informer per watched kind that the API server serves. Kinds
 * come and go while it runs; a missing one is no error.
 */
export class ClusterCache {
  private readonly options: ClusterCacheOptions;
  private readonly informers = new Map<string, Informer>();
  private readonly misses = new Map<string, number>();
  private readonly abort = new AbortController();
  private detecting: Promise<void> | undefined;
  private served: ReadonlySet<string> = new Set();

  constructor(options: ClusterCacheOptions) {
    this.options = options;
  }

  /** Group versions of the watched kinds that the cluster serves. */
  get apis(): ReadonlySet<string> {
    return this.served;
  }

  /** Resolves when every kind that the cluster serves is in the cache, or when it is stopped. Never rejects. */
  async start(): Promise<void> {
    const { signal } = this.abort;
    while (!signal.aborted && !(await this.detect(false))) {
      await pause(this.options.clock, RETRY_DETECT_MS, signal);
    }
    this.detecting = this.redetect();
  }

  get(kind: { readonly apiVersion: string; readonly kind: string }, key: string): KubeObject | undefined {
    return this.informers.get(kindName(kind))?.get(key);
  }

  list(role: WatchedKind['role']): KubeObject[] {
    return this.ofRole(role).flatMap((informer) => informer.list());
  }

  byIndex(role: WatchedKind['role'], index: string, value: string): KubeObject[] {
    return this.ofRole(role).flatMap((informer) => informer.byIndex(index, value));
  }

  /** Takes in the server's answer to our own write, so that the next look does not see the past. */
  observe(object: KubeObject): void {
    this.informers.get(kindName(object))?.observe(object);
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.detecting;
    await Promise.all([...this.informers.values()].map((informer) => informer.stop()));
  }

  private ofRole(role: WatchedKind['role']): Informer[] {
    return this.options.kinds.filter((k) => k.role === role).flatMap((k) => this.informers.get(kindName(k)) ?? []);
  }

  private async redetect(): Promise<void> {
    const { signal } = this.abort;
    while (!signal.aborted) {
      await pause(this.options.clock, this.options.redetectMs, signal);
      if (!signal.aborted) {
        await this.detect(true);
      }
    }
  }

  /** Starts informers of kinds that are there and stops those of kinds that are gone. False when the server cannot be asked. */
  private async detect(refresh: boolean): Promise<boolean> {
    const { api, kinds, log } = this.options;
    const started: Informer[] = [];
    const asked = new Set<string>();
    try {
      for (const kind of kinds) {
        // Kubernetes' own groups do not come and go.
        const again = refresh && kind.apiVersion.includes('.') && !asked.has(kind.apiVersion);
        asked.add(kind.apiVersion);
        const resource = await api.discover(kind.apiVersion, kind.kind, { refresh: again });
        const name = kindName(kind);
        if (!resource) {
          await this.missed(kind);
          continue;
        }
        this.misses.delete(name);
        if (!this.informers.has(name)) {
          const informer = this.informerOf(kind, resource);
          this.informers.set(name, informer);
          informer.start();
          started.push(informer);
        }
      }
    } catch (error) {
      log.warn('cannot ask the API server what it serves', { error: error instanceof IsvcError ? error.toLine() : messageOf(error) });
      return false;
    }
    await Promise.race([Promise.all(started.map((informer) => informer.synced)), aborted(this.abort.signal)]);
    this.publishApis();
    return true;
  }

  private informerOf(kind: WatchedKind, resource: Informer['resource']): Informer {
    const { api, clock, log, namespaces, configNamespace, onChange } = this.options;
    const scope = kind.role === 'config' ? [configNamespace] : namespaces;
    const informer = new Informer({
      api, resource, clock, log,
      transform: kind.slim,
      ...(scope ? { namespaces: scope } : {}),
      ...(kind.labelSelector ? { labelSelector: kind.labelSelector } : {}),
      ...(kind.fieldSelector ? { fieldSelector: kind.fieldSelector } : {}),
      ...(kind.indexers ? { indexers: kind.indexers } : {}),
    });
    informer.onChange((change) => onChange(kind, change));
    return informer;
  }

  private async missed(kind: WatchedKind): Promise<void> {
    const name = kindName(kind);
    const misses = (this.misses.get(name) ?? 0) + 1;
    this.misses.set(name, misses);
    const informer = this.informers.get(name);
    if (informer && misses >= MISSES_BEFORE_GONE) {
      this.informers.delete(name);
      await informer.stop();
    } else if (!informer && misses === 1) {
      this.options.log.info('the cluster does not serve a kind; waiting for it', { kind: name });
    }
  }

  private publishApis(): void {
    const now = new Set(this.options.kinds.filter((k) => this.informers.has(kindName(k))).map((k) => k.apiVersion));
    const changed = now.size !== this.served.size || [...now].some((api) => !this.served.has(api));
    this.served = now;
    if (changed) {
      this.options.log.info('served APIs', { apis: [...now].join(',') });
      this.options.onApisChanged();
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    } else {
      signal.addEventListener('abort', () => resolve(), { once: true });
    }
  });
}
