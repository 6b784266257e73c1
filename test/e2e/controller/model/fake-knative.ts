import type { KubeObject } from 'cdk8s-kserve/api';
import type { KubeApi } from 'cdk8s-kserve-controller';

/** A server whose environment says so never becomes ready. */
export const BAD = { name: 'OUTCOME', value: 'bad' } as const;

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
    const programmed = ready !== undefined && (await this.ownsItsName(service));
    const split = (traffic ?? [{ latestRevision: true, percent: 100 }]).flatMap((t) => {
      const revisionName = t.latestRevision ? ready?.name : all.find((r) => r.name === t.revisionName && r.ready)?.name;
      return revisionName ? [{ ...t, revisionName, latestRevision: t.latestRevision === true }] : [];
    });
    const configurations = latest?.ready === true ? 'True' : latest?.ready === false ? 'False' : 'Unknown';
    const routes = programmed ? 'True' : 'Unknown';
    const overall = configurations === 'True' && routes === 'True' ? 'True' : configurations === 'False' ? 'False' : 'Unknown';
    const says = (type: string, status: string): object => ({ type, status, ...(status === 'False' ? { reason: 'RevisionFailed', message: 'the model is bad' } : {}) });
    const status = {
      observedGeneration: service.metadata.generation,
      conditions: [says('ConfigurationsReady', configurations), says('Ready', overall), says('RoutesReady', routes)],
      ...(latest ? { latestCreatedRevisionName: latest.name } : {}),
      ...(ready ? { latestReadyRevisionName: ready.name } : {}),
      ...(programmed ? { traffic: split } : {}),
    };
    if (JSON.stringify(service['status']) !== JSON.stringify(status)) await this.api.replaceStatus({ ...service, status });
  }

  /** Makes the Service of its name, unless somebody else has that name. */
  private async ownsItsName(service: KubeObject): Promise<boolean> {
    const { name } = service.metadata;
    const ref = { apiVersion: 'v1', kind: 'Service', name, namespace: this.namespace };
    const existing = await this.api.get(ref);
    if (existing) return existing.metadata.ownerReferences?.some((o) => o.kind === 'Route') === true && !existing.metadata.deletionTimestamp;
    const routeRef = { apiVersion: 'serving.knative.dev/v1', kind: 'Route', name, namespace: this.namespace };
    const route = (await this.api.get(routeRef)) ?? (await this.api.create({ ...routeRef, metadata: { name, namespace: this.namespace, ownerReferences: [ownedBy(service)] } }));
    await this.api.create({ ...ref, metadata: { name, namespace: this.namespace, ownerReferences: [ownedBy({ ...route, ...routeRef })] }, spec: { type: 'ExternalName', externalName: 'gateway.example.com', ports: [{ port: 80 }] } });
    return true;
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
