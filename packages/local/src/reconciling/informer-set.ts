import { Informer, type ApiResource, type ChangeHandler, type KubeApi, type Log } from 'cdk8s-kserve-controller';
import { objectKey, type KubeObject } from 'cdk8s-kserve/api';

/** Kinds that local mode watches. Written down rather than discovered: the answers are known and a start is a second long. */
const RESOURCES: Readonly<Record<string, Omit<ApiResource, 'kind' | 'namespaced'>>> = {
  Pod: { apiVersion: 'v1', plural: 'pods' },
  Service: { apiVersion: 'v1', plural: 'services' },
  Endpoints: { apiVersion: 'v1', plural: 'endpoints' },
  EndpointSlice: { apiVersion: 'discovery.k8s.io/v1', plural: 'endpointslices' },
  Deployment: { apiVersion: 'apps/v1', plural: 'deployments' },
  ReplicaSet: { apiVersion: 'apps/v1', plural: 'replicasets' },
  HorizontalPodAutoscaler: { apiVersion: 'autoscaling/v2', plural: 'horizontalpodautoscalers' },
  HTTPRoute: { apiVersion: 'gateway.networking.k8s.io/v1', plural: 'httproutes' },
  Gateway: { apiVersion: 'gateway.networking.k8s.io/v1', plural: 'gateways' },
  KnativeService: { apiVersion: 'serving.knative.dev/v1', plural: 'services' },
  Configuration: { apiVersion: 'serving.knative.dev/v1', plural: 'configurations' },
  Revision: { apiVersion: 'serving.knative.dev/v1', plural: 'revisions' },
  Route: { apiVersion: 'serving.knative.dev/v1', plural: 'routes' },
};

export type WatchedKind =
  | 'Pod' | 'Service' | 'Endpoints' | 'EndpointSlice' | 'Deployment' | 'ReplicaSet' | 'HorizontalPodAutoscaler' | 'HTTPRoute' | 'Gateway'
  | 'KnativeService' | 'Configuration' | 'Revision' | 'Route';

/** One cache a kind, shared by everything in local mode. */
export class InformerSet {
  private readonly api: KubeApi;
  private readonly log: Log;
  private readonly informers = new Map<WatchedKind, Informer>();
  private readonly handlers = new Map<WatchedKind, Set<ChangeHandler>>();

  constructor(api: KubeApi, log: Log) {
    this.api = api;
    this.log = log;
  }

  get(kind: WatchedKind, key: string): KubeObject | undefined {
    return this.informer(kind).get(key);
  }

  list(kind: WatchedKind): KubeObject[] {
    return this.informer(kind).list();
  }

  inNamespace(kind: WatchedKind, namespace: string): KubeObject[] {
    return this.informer(kind).byIndex('namespace', namespace);
  }

  /** Keys of the objects in an object's namespace that a condition holds for. */
  keysBeside<T extends KubeObject>(kind: WatchedKind, object: KubeObject, holds: (candidate: T) => boolean): readonly string[] {
    return (this.inNamespace(kind, object.metadata.namespace ?? 'default') as T[]).filter(holds).map(({ metadata }) => objectKey(metadata));
  }

  /** Objects whose controlling owner has this uid. */
  ownedBy(kind: WatchedKind, uid: string): KubeObject[] {
    return this.informer(kind).byIndex('owner', uid);
  }

  onChange(kind: WatchedKind, handler: ChangeHandler): () => void {
    const handlers = this.handlers.get(kind) ?? new Set();
    this.handlers.set(kind, handlers.add(handler));
    const unsubscribe = this.informer(kind).onChange(handler);
    return () => {
      handlers.delete(handler);
      unsubscribe();
    };
  }

  /**
   * Puts the server's answer to a write into the cache and tells everyone, without waiting for the watch to bring it
   * back: the next step of a start-up begins right away.
   */
  observe(kind: WatchedKind, object: KubeObject): void {
    const informer = this.informer(kind);
    const old = informer.get(objectKey(object.metadata));
    informer.observe(object);
    const change = old ? { type: 'updated' as const, object, old } : { type: 'added' as const, object };
    for (const handler of this.handlers.get(kind) ?? []) handler(change);
  }

  /** Starts every informer asked for so far; resolves when all have listed. */
  async start(): Promise<void> {
    const informers = [...this.informers.values()];
    for (const informer of informers) informer.start();
    await Promise.all(informers.map((informer) => informer.synced));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.informers.values()].map((informer) => informer.stop()));
  }

  private informer(kind: WatchedKind): Informer {
    const known = this.informers.get(kind);
    if (known) return known;
    const { apiVersion, plural } = RESOURCES[kind] ?? { apiVersion: 'v1', plural: kind };
    const resource = { apiVersion, plural, kind: kind === 'KnativeService' ? 'Service' : kind, namespaced: true };
    const informer = new Informer({ api: this.api, resource, log: this.log, indexers: { namespace: namespaceOf, owner: ownerOf } });
    this.informers.set(kind, informer);
    return informer;
  }
}

function namespaceOf(object: KubeObject): readonly string[] {
  return [object.metadata.namespace ?? ''];
}

function ownerOf(object: KubeObject): readonly string[] {
  return (object.metadata.ownerReferences ?? []).filter((o) => o.controller === true).map((o) => o.uid);
}
