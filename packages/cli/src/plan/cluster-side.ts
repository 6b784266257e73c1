import { KINDS, objectKey, refOf, type KubeObject } from 'cdk8s-kserve/api';
import { adopting, HttpKubeApi, loadConnection, type KubeApi } from 'cdk8s-kserve-controller';
import { projectLive, type ResourceChildren } from 'cdk8s-kserve/plan';

/** Kinds among which children are looked for. */
const CHILD_KINDS = [
  ['v1', 'Service'], ['apps/v1', 'Deployment'], ['autoscaling/v2', 'HorizontalPodAutoscaler'], ['gateway.networking.k8s.io/v1', 'HTTPRoute'], ['serving.knative.dev/v1', 'Service'],
] as const;

/**
 * The children that the wanted resources have in a live cluster, cut down to the fields that we set; children that are
 * there and no longer wanted come whole. Resources of the cluster that the folder does not speak of are left out.
 */
export async function clusterSide(wanted: readonly ResourceChildren[], kubeconfig: string | undefined): Promise<readonly ResourceChildren[]> {
  const api = new HttpKubeApi(await loadConnection(kubeconfig === undefined ? {} : { kubeconfig }));
  try {
    return await Promise.all(wanted.map((resource) => liveResource(api, resource)));
  } finally {
    api.close();
  }
}

async function liveResource(api: KubeApi, resource: ResourceChildren): Promise<ResourceChildren> {
  const { kind, namespace, name } = resource;
  const apiVersion = KINDS.find((k) => k.kind === kind)?.apiVersion ?? '';
  const owner = await api.get({ apiVersion, kind, namespace, name });
  const known = new Map<string, KubeObject>();
  for (const child of resource.children) {
    const live = await liveChild(api, child);
    if (live) known.set(keyOf(live), asAdopted(live, child));
  }
  if (owner?.metadata.uid) {
    for (const child of await ownedBy(api, owner)) if (!known.has(keyOf(child))) known.set(keyOf(child), child);
  }
  return { ...resource, children: [...known.values()], decisions: [], problems: [] };
}

/** The live child as it compares: where the controller leaves our habits out, they are no difference. */
function asAdopted(live: KubeObject, wanted: KubeObject): KubeObject {
  const projected = projectLive(live, wanted);
  if (adopting(wanted, live) === wanted) return projected;
  return { ...projected, spec: { ...(projected['spec'] as object), template: (wanted['spec'] as { readonly template?: unknown }).template } };
}

async function liveChild(api: KubeApi, child: KubeObject): Promise<KubeObject | undefined> {
  const resource = await api.discover(child.apiVersion, child.kind);
  return resource ? api.get(refOf(child)) : undefined;
}

async function ownedBy(api: KubeApi, owner: KubeObject): Promise<readonly KubeObject[]> {
  const found: KubeObject[] = [];
  for (const [apiVersion, kind] of CHILD_KINDS) {
    const resource = await api.discover(apiVersion, kind);
    if (!resource) continue;
    const { items } = await api.list(resource, { ...(owner.metadata.namespace ? { namespace: owner.metadata.namespace } : {}) });
    for (const item of items) {
      // Items of a list come without their kind.
      if (item.metadata.ownerReferences?.some((o) => o.uid === owner.metadata.uid)) found.push({ ...item, apiVersion, kind });
    }
  }
  return found;
}

function keyOf(object: KubeObject): string {
  return `${object.apiVersion}/${object.kind}/${objectKey(object.metadata)}`;
}
