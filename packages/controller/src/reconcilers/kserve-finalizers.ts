import { refOf, type KubeObject } from 'cdk8s-kserve/api';
import type { KubeApi } from '../kube/kube-api';
import type { ClusterCache } from './cluster-cache';

/** KServe's controller puts these on its resources. Once it is gone nobody else takes them off, and a deletion would wait for ever. */
const KSERVE_FINALIZERS: readonly string[] = ['inferenceservice.finalizers', 'trainedmodel.finalizer'];

/**
 * Takes KServe's finalizers off, which its own controller would put on again: both must not work on one cluster. The children
 * go by their owner, so there is nothing to do before. A conflict is thrown: the object is looked at again.
 *
 * @returns the object as it is now
 */
export async function withoutKserveFinalizers<T extends KubeObject>(object: T, { api, cache }: { readonly api: KubeApi; readonly cache: ClusterCache }): Promise<T> {
  const { finalizers = [], resourceVersion, deletionTimestamp } = object.metadata;
  const others = finalizers.filter((name) => !KSERVE_FINALIZERS.includes(name));
  if (others.length === finalizers.length) return object;
  // With the version it was read in: a finalizer that somebody adds meanwhile must stay.
  const answer = (await api.mergePatch(refOf(object), { metadata: { resourceVersion, finalizers: others } })) as T;
  // The last one of what is being deleted ends it; the watch says so.
  if (!deletionTimestamp) cache.observe(answer);
  return answer;
}
