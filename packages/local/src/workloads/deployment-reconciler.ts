import type { ReconcileResult } from 'cdk8s-kserve-controller';
import { refOf } from 'cdk8s-kserve/api';
import { controlledBy, own, ownerOfKind, type Reconciler, type ReconcilerContext } from '../reconciling/reconciler';
import { writeStatus } from '../reconciling/write-status';
import { deploymentStatus, progressDeadlineIn } from './deployment-status';
import { templateHash } from './names';
import { planRollout, rolloutBounds } from './rollout';
import { wantedReplicas, type Deployment, type ReplicaSet } from './types';

const HASH_LABEL = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';

/** Keeps the ReplicaSets of a Deployment: one for the template it has now, the older ones on their way to zero. */
export function deploymentReconciler(context: ReconcilerContext): Reconciler {
  const { api, informers, clock } = context;

  async function reconcile(key: string): Promise<ReconcileResult | void> {
    const deployment = informers.get('Deployment', key) as Deployment | undefined;
    if (!deployment || deployment.metadata.deletionTimestamp) return undefined;
    const sets = informers.ownedBy('ReplicaSet', deployment.metadata.uid ?? '') as ReplicaSet[];
    const hash = templateHash(deployment.spec.template);
    const old = sets.filter((s) => s.metadata.labels?.[HASH_LABEL] !== hash).sort(byAge);
    const found = sets.find((s) => s.metadata.labels?.[HASH_LABEL] === hash);
    const current = found ?? (await createSet(deployment, hash, old));
    if (!deployment.spec.paused) await scale(deployment, current, old);
    await forget(deployment, old);
    const now = clock.now();
    const status = deploymentStatus({ deployment, current, old, now });
    await writeStatus(context, 'Deployment', deployment, status);
    const stuckIn = progressDeadlineIn(status, deployment, now);
    return stuckIn === undefined ? undefined : { requeueAfterMs: stuckIn + 1000 };
  }

  async function createSet(deployment: Deployment, hash: string, old: readonly ReplicaSet[]): Promise<ReplicaSet> {
    const { metadata, spec } = deployment;
    const labels = { ...spec.template.metadata?.labels, [HASH_LABEL]: hash };
    const replicas = wantedReplicas(deployment);
    const running = old.reduce((n, set) => n + wantedReplicas(set), 0);
    const room = spec.strategy?.type === 'Recreate' ? (running > 0 ? 0 : replicas) : replicas + rolloutBounds(replicas, spec.strategy?.rollingUpdate).maxSurge - running;
    const revision = 1 + Math.max(0, ...old.map((set) => Number(set.metadata.annotations?.[REVISION] ?? 0)));
    const created = await api.create({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${metadata.name}-${hash}`,
        namespace: metadata.namespace ?? 'default',
        labels,
        annotations: { [REVISION]: String(revision) },
        ownerReferences: [controlledBy(deployment)],
      },
      spec: {
        replicas: Math.max(0, Math.min(replicas, room)),
        ...(spec.minReadySeconds === undefined ? {} : { minReadySeconds: spec.minReadySeconds }),
        selector: { matchLabels: { ...spec.selector.matchLabels, [HASH_LABEL]: hash } },
        template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
      },
    });
    informers.observe('ReplicaSet', created);
    return created as ReplicaSet;
  }

  async function scale(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): Promise<void> {
    const { type = 'RollingUpdate', rollingUpdate } = deployment.spec.strategy ?? {};
    const next = planRollout({
      replicas: wantedReplicas(deployment),
      strategy: { type, ...(rollingUpdate ? { rollingUpdate } : {}) },
      current: rolloutSet(current),
      old: old.map(rolloutSet),
    });
    const scaled = [current, ...old].filter((set) => next.has(set.metadata.name));
    await Promise.all(scaled.map(async (set) => informers.observe('ReplicaSet', await api.mergePatch(refOf(set), { spec: { replicas: next.get(set.metadata.name) } }))));
  }

  async function forget(deployment: Deployment, old: readonly ReplicaSet[]): Promise<void> {
    const idle = old.filter((set) => wantedReplicas(set) === 0 && (set.status?.replicas ?? 0) === 0);
    const surplus = idle.slice(0, Math.max(0, idle.length - (deployment.spec.revisionHistoryLimit ?? 10)));
    await Promise.all(surplus.map((set) => api.delete(refOf(set), { ...(set.metadata.uid ? { uid: set.metadata.uid } : {}) })));
  }

  return {
    name: 'deployment',
    watches: [
      { kind: 'Deployment', keys: own },
      { kind: 'ReplicaSet', keys: ownerOfKind('Deployment') },
    ],
    reconcile,
  };
}

function rolloutSet(set: ReplicaSet): { name: string; replicas: number; available: number; existing: number } {
  return { name: set.metadata.name, replicas: wantedReplicas(set), available: set.status?.availableReplicas ?? 0, existing: set.status?.replicas ?? 0 };
}

function byAge(a: ReplicaSet, b: ReplicaSet): number {
  return Number(a.metadata.annotations?.[REVISION] ?? 0) - Number(b.metadata.annotations?.[REVISION] ?? 0);
}
