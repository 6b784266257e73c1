import { KubeApiError, type ReconcileResult } from 'cdk8s-kserve-controller';
import { refOf } from 'cdk8s-kserve/api';
import { isPodReady, isTerminating, type Pod } from '../kubelet/pod';
import { timestamp } from '../kubelet/timestamp';
import { controlledBy, own, ownerOfKind, type Reconciler, type ReconcilerContext } from '../reconciling/reconciler';
import { sayEvent } from '../reconciling/say-event';
import { writeStatus } from '../reconciling/write-status';
import { randomName } from './names';
import { wantedReplicas, type ReplicaSet, type ReplicaSetStatus } from './types';

/** Keeps as many pods as a ReplicaSet wants. */
export function replicaSetReconciler(context: ReconcilerContext): Reconciler {
  const { api, informers, clock } = context;
  /** Uids of pods that we deleted and that the cache still shows as alive. */
  const leaving = new Set<string>();

  async function reconcile(key: string): Promise<ReconcileResult | void> {
    const set = informers.get('ReplicaSet', key) as ReplicaSet | undefined;
    if (!set || set.metadata.deletionTimestamp) return undefined;
    const pods = alivePods(set);
    const missing = wantedReplicas(set) - pods.length;
    const failure = missing > 0 ? await createPods(set, missing) : undefined;
    if (missing < 0) await deletePods(set, pods, -missing);
    const alive = alivePods(set);
    const { status, recheckMs } = replicaSetStatus(set, alive, clock.now(), failure);
    await writeStatus(context, 'ReplicaSet', set, status);
    const told = set.status?.conditions?.some((c) => c.message === failure?.serverMessage);
    if (failure && !told) say(set, 'Warning', 'FailedCreate', `Error creating: ${failure.serverMessage}`);
    if (failure) throw failure;
    return recheckMs === undefined ? undefined : { requeueAfterMs: recheckMs };
  }

  function alivePods(set: ReplicaSet): Pod[] {
    const pods = informers.ownedBy('Pod', set.metadata.uid ?? '') as Pod[];
    for (const pod of pods) if (isTerminating(pod)) leaving.delete(pod.metadata.uid ?? '');
    return pods.filter((pod) => !isTerminating(pod) && !isOver(pod) && !leaving.has(pod.metadata.uid ?? ''));
  }

  async function createPods(set: ReplicaSet, count: number): Promise<KubeApiError | undefined> {
    const { template } = set.spec;
    const results = await Promise.allSettled(
      Array.from({ length: count }, async () => {
        const metadata = { ...template.metadata, name: randomName(set.metadata.name), namespace: set.metadata.namespace ?? 'default', ownerReferences: [controlledBy(set)] };
        informers.observe('Pod', await api.create({ apiVersion: 'v1', kind: 'Pod', metadata, spec: template.spec }));
        say(set, 'Normal', 'SuccessfulCreate', `Created pod: ${metadata.name}`);
      }),
    );
    for (const result of results) {
      if (result.status === 'fulfilled') continue;
      if (result.reason instanceof KubeApiError) return result.reason;
      throw result.reason;
    }
    return undefined;
  }

  async function deletePods(set: ReplicaSet, pods: readonly Pod[], count: number): Promise<void> {
    const chosen = [...pods].sort(byWorth).slice(0, count);
    for (const pod of chosen) leaving.add(pod.metadata.uid ?? '');
    await Promise.all(chosen.map(async (pod) => {
      await api.delete(refOf(pod), { ...(pod.metadata.uid ? { uid: pod.metadata.uid } : {}) });
      say(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
    }));
  }

  function say(set: ReplicaSet, type: 'Normal' | 'Warning', reason: string, message: string): void {
    sayEvent(context, set, { type, reason, message, component: 'replicaset-controller' });
  }

  return {
    name: 'replicaset',
    watches: [
      { kind: 'ReplicaSet', keys: own },
      { kind: 'Pod', keys: ownerOfKind('ReplicaSet') },
    ],
    reconcile,
  };
}

function replicaSetStatus(set: ReplicaSet, pods: readonly Pod[], now: number, failure: KubeApiError | undefined): { status: ReplicaSetStatus; recheckMs: number | undefined } {
  const minReadyMs = (set.spec.minReadySeconds ?? 0) * 1000;
  const ready = pods.filter(isPodReady);
  const waits = ready.map((pod) => readySince(pod) + minReadyMs - now);
  const available = minReadyMs === 0 ? ready.length : waits.filter((ms) => ms <= 0).length;
  const later = minReadyMs === 0 ? [] : waits.filter((ms) => ms > 0);
  const status: ReplicaSetStatus = {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: pods.length,
    ...(pods.length > 0 ? { fullyLabeledReplicas: pods.length } : {}),
    ...(ready.length > 0 ? { readyReplicas: ready.length } : {}),
    ...(available > 0 ? { availableReplicas: available } : {}),
    ...(failure ? { conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: failure.serverMessage, lastTransitionTime: timestamp(now) }] } : {}),
  };
  return { status, recheckMs: later.length > 0 ? Math.min(...later) : undefined };
}

function readySince(pod: Pod): number {
  return Date.parse(pod.status?.conditions?.find((c) => c.type === 'Ready')?.lastTransitionTime ?? '') || 0;
}

/** Pods that serve least go first: not ready before ready, young before old. */
function byWorth(a: Pod, b: Pod): number {
  const ready = Number(isPodReady(a)) - Number(isPodReady(b));
  if (ready !== 0) return ready;
  return (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '');
}

function isOver(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}
