import { KubeApiError, type KubeApi } from 'cdk8s-kserve-controller';
import type { KubeObject } from 'cdk8s-kserve/api';

const FIELD_MANAGER = 'isvc';
/** What others need first. Everything else keeps the order given. */
const FIRST: readonly string[] = ['Namespace', 'CustomResourceDefinition', 'ServiceAccount', 'ConfigMap', 'Secret', 'ClusterServingRuntime', 'ServingRuntime', 'Gateway'];

/**
 * Applies objects as `kubectl apply --server-side` does, in an order in which each finds what it needs and together
 * where none needs another; namespaced ones without a namespace go to `default`.
 *
 * @throws KubeApiError for the first object that the server refuses.
 */
export async function applyObjects(api: KubeApi, objects: readonly KubeObject[]): Promise<readonly KubeObject[]> {
  const rank = (object: KubeObject): number => (FIRST.includes(object.kind) ? FIRST.indexOf(object.kind) : FIRST.length);
  const groups = new Map<number, KubeObject[]>();
  for (const object of objects) groups.set(rank(object), [...(groups.get(rank(object)) ?? []), object]);
  const applied: KubeObject[] = [];
  for (const [, group] of [...groups].sort(([a], [b]) => a - b)) applied.push(...(await Promise.all(group.map((object) => applyOne(api, object)))));
  return applied;
}

async function applyOne(api: KubeApi, object: KubeObject): Promise<KubeObject> {
  const { apiVersion, kind, metadata } = object;
  const resource = (await api.discover(apiVersion, kind)) ?? (await api.discover(apiVersion, kind, { refresh: true }));
  if (!resource) {
    throw new KubeApiError({ request: `${kind} ${metadata.name}`, statusCode: 404, reason: 'NotFound', message: `no API serves ${kind} in ${apiVersion}` });
  }
  const namespaced = resource.namespaced && metadata.namespace === undefined;
  return api.apply(namespaced ? { ...object, metadata: { ...metadata, namespace: 'default' } } : object, { fieldManager: FIELD_MANAGER, force: true });
}
