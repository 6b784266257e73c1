import { refOf } from 'cdk8s-kserve/api';
import type { Log } from '../engine/log';
import type { KubeApi } from '../kube/kube-api';
import type { ClusterCache } from './cluster-cache';
import { BY_OWNER } from './watched-kinds';

/**
 * Removes the children of an owner that is gone. The cluster's garbage collector does that, too, also while no controller
 * runs, but at some 20 objects a second for all of the cluster.
 *
 * Each child is read before: one that was orphaned on purpose (`kubectl delete --cascade=orphan`) has lost its owner by the
 * time the owner is gone, while our cache may not know yet.
 */
export async function removeChildrenOf(ownerUid: string, { api, cache, log }: { readonly api: KubeApi; readonly cache: ClusterCache; readonly log: Log }): Promise<void> {
  for (const child of cache.byIndex('child', BY_OWNER, ownerUid)) {
    const live = await api.get(refOf(child));
    const isOurs = live?.metadata.ownerReferences?.some((owner) => owner.uid === ownerUid) === true;
    if (!live || !isOurs || live.metadata.deletionTimestamp) {
      continue;
    }
    const { uid } = live.metadata;
    if (await api.delete(refOf(live), { propagationPolicy: 'Background', ...(uid ? { uid } : {}) })) {
      log.debug('deleted', { kind: child.kind, name: child.metadata.name, why: 'its owner is gone' });
    }
  }
}
