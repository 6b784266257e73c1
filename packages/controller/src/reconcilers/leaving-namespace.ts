import type { KubeObject } from 'cdk8s-kserve/api';
import type { Log } from '../engine/log';
import type { ReconcileResult } from '../engine/run-reconciler';
import { isNamespaceTerminating } from '../kube/kube-api-error';

export type Reconcile = (key: string, signal: AbortSignal) => Promise<ReconcileResult>;

/**
 * Leaves an owner alone once the server said that its namespace is going: what is missing there is never made again, and
 * the server takes the owner and its children in an order of its own. One whose deletion has begun still gets its look.
 */
export function untilNamespaceLeaves(reconcile: Reconcile, ownerOf: (key: string) => KubeObject | undefined, log: Log): Reconcile {
  /** The uid by key: a namespace of the same name may come back. */
  const doomed = new Map<string, string>();
  return async (key, signal) => {
    const { uid = '', deletionTimestamp } = ownerOf(key)?.metadata ?? {};
    if (uid && !deletionTimestamp && doomed.get(key) === uid) {
      return {};
    }
    doomed.delete(key);
    try {
      return await reconcile(key, signal);
    } catch (error) {
      if (!isNamespaceTerminating(error)) throw error;
      doomed.set(key, uid);
      log.info('left alone, as its namespace is going', { key });
      return {};
    }
  };
}
