import type { KubeObject } from 'cdk8s-kserve/api';
import type { KubeApi } from 'cdk8s-kserve-controller';

const KINDS = [['v1', 'Service'], ['apps/v1', 'Deployment'], ['autoscaling/v2', 'HorizontalPodAutoscaler'], ['networking.k8s.io/v1', 'Ingress']] as const;

/** What a namespace holds of services' children at one moment. */
export interface Snapshot {
  /** By kind and name. */
  readonly uids: ReadonlyMap<string, string>;
  /** Pod templates as text, by the name of the Deployment. */
  readonly templates: ReadonlyMap<string, string>;
  /** Uids of pods by the name of their Deployment. */
  readonly pods: ReadonlyMap<string, readonly string[]>;
}

export async function snapshot(api: KubeApi, namespace: string): Promise<Snapshot> {
  const uids = new Map<string, string>();
  const templates = new Map<string, string>();
  const pods = new Map<string, readonly string[]>();
  for (const [apiVersion, kind] of KINDS) {
    for (const object of await list(api, apiVersion, kind, namespace)) {
      uids.set(`${kind} ${object.metadata.name}`, object.metadata.uid ?? '');
      if (kind === 'Deployment') templates.set(object.metadata.name, JSON.stringify((object['spec'] as { template: object }).template));
    }
  }
  for (const { metadata } of await list(api, 'v1', 'Pod', namespace)) {
    const deployment = metadata.name.split('-').slice(0, -2).join('-');
    pods.set(deployment, [...(pods.get(deployment) ?? []), metadata.uid ?? ''].sort());
  }
  return { uids, templates, pods };
}

async function list(api: KubeApi, apiVersion: string, kind: string, namespace: string): Promise<readonly KubeObject[]> {
  const resource = await api.discover(apiVersion, kind);
  return resource ? (await api.list(resource, { namespace })).items : [];
}
