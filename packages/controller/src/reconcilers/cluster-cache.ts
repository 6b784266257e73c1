import { IsvcError, messageOf, type KubeObject } from 'cdk8s-kserve/api';
import { backoffDelay } from '../engine/backoff';
import { pause, type Clock } from '../engine/clock';
import { Informer } from '../engine/informer';
import type { Log } from '../engine/log';
import type { ObjectChange } from '../engine/object-store';
import type { ApiResource, KubeApi } from '../kube/kube-api';
import { GATEWAY_KIND, kindName, type WatchedKind } from './watched-kinds';

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
const DETECT_BACKOFF = { baseMs: 200, maxMs: 10_000 };

/**
 * The part of the cluster that the controller reads: one informer per watched kind that the API server serves. Kinds
 * come and go while it runs; a missing one is no error.
 */
export class ClusterCache {
  private readonly options: ClusterCacheOptions;
  /** By `watchName`. */
  private readonly informers = new Map<string, Informer>();
  private readonly misses = new Map<string, number>();
  private readonly abort = new AbortController();
  private detecting: Promise<void> | undefined;
  private served: ReadonlySet<string> = new Set();

  constructor(options: ClusterCacheOptions) {
    this.options = options;
  }

  /** Group versions that the cluster serves of the kinds that a service may be made of. */
  get apis(): ReadonlySet<string> {
    return this.served;
  }

  /** Resolves when every kind that the cluster serves is in the cache, or when it is stopped. Never rejects. */
  async start(): Promise<void> {
    const { signal } = this.abort;
    for (let failures = 1; !signal.aborted && !(await this.detect(false)); failures++) {
      await pause(this.options.clock, backoffDelay(failures, DETECT_BACKOFF), signal);
    }
    this.detecting = this.redetect();
  }

  get(kind: { readonly apiVersion: string; readonly kind: string }, key: string): KubeObject | undefined {
    for (const informer of this.ofKind(kind)) {
      const found = informer.get(key);
      if (found) {
        return found;
      }
    }
    return undefined;
  }

  /** Whether a kind is being watched: the cluster serves it and lets us list it. */
  has(kind: { readonly apiVersion: string; readonly kind: string }): boolean {
    const informers = this.ofKind(kind);
    return informers.length > 0 && informers.every((informer) => informer.isSynced);
  }

  owner(key: string): KubeObject | undefined {
    const kind = this.options.kinds.find(({ role }) => role === 'owner');
    return kind && this.get(kind, key);
  }

  list(role: WatchedKind['role']): KubeObject[] {
    return this.ofRole(role).flatMap((informer) => informer.list());
  }

  byIndex(role: WatchedKind['role'], index: string, value: string): KubeObject[] {
    return this.ofRole(role).flatMap((informer) => informer.byIndex(index, value));
  }

  /** Gateways of the cluster; undefined where it has no such kind, or does not let us list it. */
  gateways(): readonly KubeObject[] | undefined {
    return this.has(GATEWAY_KIND) ? this.list('gateway').filter(({ kind }) => kind === GATEWAY_KIND.kind) : undefined;
  }

  /** Takes in the server's answer to our own write, so that the next look does not see the past. */
  observe(object: KubeObject): void {
    // What is ours to write is a child or an owner, and only those are looked for in what we wrote.
    this.watched(object).filter((kind) => kind.role === 'child' || kind.role === 'owner').forEach((kind) => this.informers.get(watchName(kind))?.observe(object));
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.detecting;
    await Promise.all([...this.informers.values()].map((informer) => informer.stop()));
  }

  private ofRole(role: WatchedKind['role']): Informer[] {
    return this.options.kinds.filter((k) => k.role === role).flatMap((k) => this.informers.get(watchName(k)) ?? []);
  }

  private ofKind(kind: { readonly apiVersion: string; readonly kind: string }): Informer[] {
    return this.watched(kind).flatMap((k) => this.informers.get(watchName(k)) ?? []);
  }

  private watched({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): WatchedKind[] {
    return this.options.kinds.filter((k) => k.kind === kind && k.apiVersion === apiVersion);
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

  /** Starts informers of kinds that are there and stops those of kinds that are gone. False when some could not be asked about. */
  private async detect(refresh: boolean): Promise<boolean> {
    const started: Promise<void>[] = [];
    const asked = new Set<string>();
    let failure: unknown;
    for (const kind of this.options.kinds) {
      // Kubernetes' own groups do not come and go.
      const again = refresh && kind.apiVersion.includes('.') && !asked.has(kind.apiVersion);
      asked.add(kind.apiVersion);
      try {
        const resource = await this.options.api.discover(kind.apiVersion, kind.kind, { refresh: again });
        if (this.abort.signal.aborted) {
          return false; // Stopped while we asked: nothing may be started any more.
        }
        const informer = resource ? this.found(kind, resource) : await this.missed(kind);
        if (informer) {
          // A required kind is waited for until somebody grants it; the log says what is missing meanwhile.
          started.push(kind.required ? informer.synced : informer.answered);
        }
      } catch (error) {
        failure = error;
      }
      if (this.abort.signal.aborted) {
        return false;
      }
    }
    if (failure !== undefined) {
      const line = failure instanceof IsvcError ? failure.toLine() : messageOf(failure);
      this.options.log.warn('cannot ask the API server what it serves', { error: line });
    }
    await settledOrAborted(started, this.abort.signal);
    this.publishApis();
    return failure === undefined;
  }

  /** The informer of a kind that is there, if it had to be started. */
  private found(kind: WatchedKind, resource: ApiResource): Informer | undefined {
    const name = watchName(kind);
    this.misses.delete(name);
    if (this.informers.has(name)) {
      return undefined;
    }
    const informer = this.informerOf(kind, resource);
    this.informers.set(name, informer);
    informer.start();
    return informer;
  }

  private informerOf(kind: WatchedKind, resource: ApiResource): Informer {
    const { api, clock, log, namespaces, configNamespace, onChange } = this.options;
    // The platform's Gateway is in no tenant's namespace, and which one it is can change with the config.
    const scope = kind.role === 'config' ? [configNamespace] : kind.role === 'gateway' ? undefined : namespaces;
    const informer = new Informer({
      api, resource, clock, log,
      transform: kind.slim,
      ...(scope ? { namespaces: scope } : {}),
      ...(kind.labelSelector ? { labelSelector: kind.labelSelector } : {}),
      ...(kind.fieldSelector ? { fieldSelector: kind.fieldSelector } : {}),
      ...(kind.indexers ? { indexers: kind.indexers } : {}),
    });
    informer.onChange((change) => onChange(kind, change));
    void informer.synced.then(() => this.publishApis());
    return informer;
  }

  private async missed(kind: WatchedKind): Promise<undefined> {
    const name = watchName(kind);
    const misses = (this.misses.get(name) ?? 0) + 1;
    this.misses.set(name, misses);
    const informer = this.informers.get(name);
    if (informer && misses >= MISSES_BEFORE_GONE) {
      this.informers.delete(name);
      await informer.stop();
    } else if (!informer && misses === 1) {
      this.options.log.info('the cluster does not serve a kind; waiting for it', { kind: kindName(kind) });
    }
    return undefined;
  }

  private publishApis(): void {
    if (this.abort.signal.aborted) {
      return;
    }
    const now = new Set(this.options.kinds.filter((k) => k.role !== 'gateway' && this.has(k)).map((k) => k.apiVersion));
    const changed = now.size !== this.served.size || [...now].some((api) => !this.served.has(api));
    this.served = now;
    if (changed) {
      this.options.log.info('served APIs', { apis: [...now].join(',') });
      this.options.onApisChanged();
    }
  }
}

/** One kind can be watched for two reasons, with a selector each. */
function watchName(kind: WatchedKind): string {
  return `${kindName(kind)} ${kind.role}`;
}

/** Leaves no listener behind: the signal lives as long as the controller. */
async function settledOrAborted(waiting: readonly Promise<void>[], signal: AbortSignal): Promise<void> {
  if (waiting.length === 0 || signal.aborted) {
    return;
  }
  let onAbort = (): void => {};
  const aborted = new Promise<void>((resolve) => {
    onAbort = resolve;
  });
  signal.addEventListener('abort', onAbort, { once: true });
  await Promise.race([Promise.all(waiting), aborted]);
  signal.removeEventListener('abort', onAbort);
}
