import { runReconciler, WorkQueue, type Clock, type KubeApi, type Log, type ReconcileResult, type RunningReconciler } from 'cdk8s-kserve-controller';
import { objectKey, type KubeObject } from 'cdk8s-kserve/api';
import type { InformerSet, WatchedKind } from './informer-set';

/** What every reconciler of local mode works with. */
export interface ReconcilerContext {
  readonly api: KubeApi;
  readonly informers: InformerSet;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Reconciler {
  readonly name: string;
  /** Kinds whose changes matter, and whose keys each change wakes. */
  readonly watches: readonly { readonly kind: WatchedKind; readonly keys: (object: KubeObject) => readonly string[] }[];
  reconcile(key: string): Promise<ReconcileResult | void>;
}

/** Connects a reconciler to the informers it watches and works its queue off until it is stopped. */
export function startReconciler(reconciler: Reconciler, context: ReconcilerContext): RunningReconciler {
  const { informers, clock, log } = context;
  const queue = new WorkQueue({ clock, backoff: { baseMs: 20, maxMs: 5000 } });
  const unsubscribe = reconciler.watches.map(({ kind, keys }) =>
    informers.onChange(kind, ({ object }) => {
      for (const key of keys(object)) queue.add(key);
    }),
  );
  const running = runReconciler({ name: reconciler.name, queue, reconcile: (key) => reconciler.reconcile(key), log, graceMs: 1000 });
  return {
    stop: async () => {
      for (const stop of unsubscribe) stop();
      await running.stop();
    },
  };
}

/** Wakes the object itself. */
export function own(object: KubeObject): readonly string[] {
  return [objectKey(object.metadata)];
}

/** Wakes the object's controlling owner of a kind. */
export function ownerOfKind(kind: string): (object: KubeObject) => readonly string[] {
  return ({ metadata }) =>
    (metadata.ownerReferences ?? [])
      .filter((o) => o.controller === true && o.kind === kind)
      .map((o) => objectKey({ name: o.name, namespace: metadata.namespace }));
}

/** The reference that makes an object a child: removed with its parent, and counted as its own. */
export function controlledBy(owner: KubeObject): NonNullable<KubeObject['metadata']['ownerReferences']>[number] {
  const { apiVersion, kind, metadata } = owner;
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true, blockOwnerDeletion: true };
}
