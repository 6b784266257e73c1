import { setMaxListeners } from 'node:events';
import { objectKey, type KubeObject, type ObjectRef } from 'cdk8s-kserve/api';
import type { ApiResource, KubeApi } from 'cdk8s-kserve-controller';
import { until } from '../../../support/until';

/** One write as the API server did it, whoever asked. */
export interface Entry {
  /** One clock for all kinds: the store's revision. */
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
  /** When the test saw it, in milliseconds; a little later than it was. */
  readonly seenAt: number;
}

const KINDS: readonly ApiResource[] = [
  ['serving.kserve.io/v1beta1', 'InferenceService', 'inferenceservices'],
  ['apps/v1', 'Deployment', 'deployments'],
  ['v1', 'Service', 'services'],
  ['v1', 'Pod', 'pods'],
  ['autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'],
  ['gateway.networking.k8s.io/v1', 'HTTPRoute', 'httproutes'],
  ['serving.knative.dev/v1', 'Service', 'services'],
  ['coordination.k8s.io/v1', 'Lease', 'leases'],
].map(([apiVersion = '', kind = '', plural = '']) => ({ apiVersion, kind, plural, namespaced: true }));

/**
 * Everything that happened in a namespace, in the order in which it happened: no state between two writes is missed, and
 * looking at it changes nothing.
 */
export class History {
  private readonly api: KubeApi;
  private readonly namespace: string;
  private readonly abort = new AbortController();
  private readonly seen: Entry[] = [];
  private readonly latest = new Map<string, Entry>();
  private readonly watches: Promise<void>[];

  private constructor(api: KubeApi, namespace: string, versions: readonly string[]) {
    this.api = api;
    this.namespace = namespace;
    setMaxListeners(0, this.abort.signal); // Each watch listens, and says nothing wrong by it.
    this.watches = KINDS.map((resource, i) => this.watch(resource, versions[i] ?? ''));
  }

  /** @param namespace one in which nothing is yet */
  static async of(api: KubeApi, namespace: string): Promise<History> {
    const lists = await Promise.all(KINDS.map((resource) => api.list(resource, { namespace })));
    return new History(api, namespace, lists.map((l) => l.resourceVersion));
  }

  /** All that happened until now. */
  async entries(): Promise<readonly Entry[]> {
    const lists = await Promise.all(KINDS.map((resource) => this.api.list(resource, { namespace: this.namespace })));
    const there = lists.flatMap((l) => l.items);
    await until('the watches have brought what the lists have', () => {
      return there.every((object) => (this.latest.get(identityOf(object))?.version ?? 0) >= versionOf(object));
    });
    return [...this.seen].sort((a, b) => a.version - b.version);
  }

  /** What is there, as far as the watches have brought it. */
  get state(): readonly KubeObject[] {
    return [...this.latest.values()].filter((e) => e.type !== 'DELETED').map((e) => e.object);
  }

  /** How much has happened, but for leases, which are renewed for ever. */
  get length(): number {
    return this.seen.filter((e) => e.object.kind !== 'Lease').length;
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await Promise.all(this.watches);
  }

  private async watch(resource: ApiResource, from: string): Promise<void> {
    const { signal } = this.abort;
    for (let resourceVersion = from; !signal.aborted;) {
      try {
        for await (const event of this.api.watch(resource, { namespace: this.namespace, resourceVersion, signal })) {
          if (event.type === 'BOOKMARK') continue;
          const object = { ...event.object, apiVersion: resource.apiVersion, kind: resource.kind };
          resourceVersion = object.metadata.resourceVersion ?? resourceVersion;
          const entry = { version: versionOf(object), type: event.type, object, seenAt: Date.now() };
          this.seen.push(entry);
          this.latest.set(identityOf(object), entry);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }
}

export function applyEntry(state: Map<string, KubeObject>, { type, object }: Entry): void {
  if (type === 'DELETED') state.delete(identityOf(object));
  else state.set(identityOf(object), object);
}

export function identityOf(object: KubeObject): string {
  return refKey({ ...object, name: object.metadata.name });
}

export function refKey({ apiVersion, kind, name }: Pick<ObjectRef, 'apiVersion' | 'kind' | 'name'>): string {
  return `${apiVersion} ${kind} ${name}`;
}

/** For messages: `Deployment iris-predictor`. */
export function nameOf(object: KubeObject): string {
  return `${object.apiVersion.startsWith('serving.knative.dev/') ? 'Knative ' : ''}${object.kind} ${objectKey({ name: object.metadata.name })}`;
}

function versionOf(object: KubeObject): number {
  return Number(object.metadata.resourceVersion ?? 0);
}
