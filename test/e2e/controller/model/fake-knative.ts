import type { KubeObject } from 'cdk8s-kserve/api';
import type { KubeApi } from 'cdk8s-kserve-controller';

/** A server whose environment says so never becomes ready. */
export const BAD = { name: 'OUTCOME', value: 'bad' } as const;

/** What the Service of a Knative Service's name points to once the ingress layer knows the route. */
export const GATEWAY = 'gateway.example.com';

interface Revision {
  readonly name: string;
  readonly template: string;
  /** Undefined while it starts. */
  ready?: boolean;
}

/** Knative Serving as far as its Services' status goes: revisions, traffic, and the Service of the same name that it wants for itself. */
export class FakeKnative {
  private readonly api: KubeApi;
  private readonly namespace: string;
  /** By the Knative Service's uid. */
  private readonly revisions = new Map<string, Revision[]>();
  /** By the same, the shares that the ingress layer has been told. */
  private readonly programmed = new Map<string, string>();

  constructor(api: KubeApi, namespace: string) {
    this.api = api;
    this.namespace = namespace;
  }

  async look(service: KubeObject, happens: () => boolean): Promise<void> {
    if (service.metadata.deletionTimestamp) return;
    const { template, traffic } = service['spec'] as { readonly template: unknown; readonly traffic?: readonly Target[] };
    const text = JSON.stringify(template);
    const uid = service.metadata.uid ?? '';
    const all = this.revisions.get(uid) ?? [];
    this.revisions.set(uid, all);
    if (all.at(-1)?.template !== text) all.push({ name: `${service.metadata.name}-${String(all.length + 1).padStart(5, '0')}`, template: text });
    const latest = all.at(-1);
    if (latest && latest.ready === undefined && happens()) latest.ready = !text.includes(JSON.stringify(BAD));
    const ready = all.filter((r) => r.ready).at(-1);
    const split = (traffic ?? [{ latestRevision: true, percent: 100 }]).flatMap((t) => {
      const revisionName = t.latestRevision ? ready?.name : all.find((r) => r.name === t.revisionName && r.ready)?.name;
      return revisionName ? [{ ...t, revisionName, latestRevision: t.latestRevision === true }] : [];
    });
    const routes = ready ? await this.route(service, JSON.stringify(split), happens) : { status: 'Unknown' };
    const configurations = latest?.ready === true ? { status: 'True' } : latest?.ready === false ? { status: 'False', reason: 'RevisionFailed', message: 'the model is bad' } : { status: 'Unknown' };
    const overall = [configurations, routes].find((c) => c.status === 'False') ?? [configurations, routes].find((c) => c.status === 'Unknown') ?? { status: 'True' };
    const status = {
      observedGeneration: service.metadata.generation,
      conditions: [{ type: 'ConfigurationsReady', ...configurations }, { type: 'Ready', ...overall }, { type: 'RoutesReady', ...routes }],
      ...(latest ? { latestCreatedRevisionName: latest.name } : {}),
      ...(ready ? { latestReadyRevisionName: ready.name, ...(routes.status === 'False' ? {} : { traffic: split }) } : {}),
    };
    if (JSON.stringify(service['status']) !== JSON.stringify(status)) await this.api.replaceStatus({ ...service, status });
  }

  /** The route's word on its readiness; it is moved a while after it is to be, and leads to where it did until then. */
  private async route(service: KubeObject, split: string, happens: () => boolean): Promise<{ readonly status: string; readonly reason?: string }> {
    const placeholder = await this.ownService(service);
    if (!placeholder) return { status: 'False', reason: 'NotOwned' };
    const uid = service.metadata.uid ?? '';
    const isKnown = (placeholder['spec'] as { readonly externalName?: string }).externalName === GATEWAY;
    if (isKnown && this.programmed.get(uid) === split) return { status: 'True' };
    if (!happens()) return { status: 'Unknown', reason: 'IngressNotConfigured' };
    this.programmed.set(uid, split);
    if (!isKnown) await this.api.mergePatch({ ...placeholder, name: service.metadata.name, namespace: this.namespace }, { spec: { externalName: GATEWAY } });
    return { status: 'True' };
  }

  /** Makes the Service of its name, unless somebody else has that name. */
  private async ownService(service: KubeObject): Promise<KubeObject | undefined> {
    const { name } = service.metadata;
    const ref = { apiVersion: 'v1', kind: 'Service', name, namespace: this.namespace };
    const existing = await this.api.get(ref);
    if (existing) return existing.metadata.ownerReferences?.some((o) => o.kind === 'Route') === true && !existing.metadata.deletionTimestamp ? existing : undefined;
    const routeRef = { apiVersion: 'serving.knative.dev/v1', kind: 'Route', name, namespace: this.namespace };
    const route = (await this.api.get(routeRef)) ?? (await this.api.create({ ...routeRef, metadata: { name, namespace: this.namespace, ownerReferences: [ownedBy(service)] } }));
    return this.api.create({ ...ref, metadata: { name, namespace: this.namespace, ownerReferences: [ownedBy({ ...route, ...routeRef })] }, spec: { type: 'ExternalName', externalName: `${name}.example.com`, ports: [{ port: 80 }] } });
  }
}

interface Target {
  readonly latestRevision?: boolean;
  readonly revisionName?: string;
  readonly percent?: number;
  readonly tag?: string;
}

function ownedBy({ apiVersion, kind, metadata: { name, uid = '' } }: KubeObject): { apiVersion: string; kind: string; name: string; uid: string; controller: true; blockOwnerDeletion: true } {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}
