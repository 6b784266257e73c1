import type { ReconcileResult } from 'cdk8s-kserve-controller';
import { refOf, type KubeObject, type StringMap } from 'cdk8s-kserve/api';
import { controlledBy, own, ownerOfKind, type Reconciler, type ReconcilerContext } from '../reconciling/reconciler';
import { sayEvent } from '../reconciling/say-event';
import { writeStatus } from '../reconciling/write-status';
import { deploymentStatus, progressDeadlineIn } from './deployment-status';
import { templateHash } from './names';
import { currentAnnotations, missingAnnotations, REVISION, revisionOf } from './revisions';
import { planRollout, rolloutBounds } from './rollout';
import { wantedReplicas, type Deployment, type ReplicaSet } from './types';

const HASH_LABEL = 'pod-template-hash';

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
    const current = found ? await numbered(deployment, found, old) : await createSet(deployment, hash, old);
    const latest = (await annotate(deployment, { [REVISION]: String(revisionOf(current)) })) as Deployment;
    if (!deployment.spec.paused) await scale(deployment, current, old);
    await forget(deployment, old);
    const now = clock.now();
    const status = deploymentStatus({ deployment, current, old, now });
    await writeStatus(context, 'Deployment', latest, status);
    const stuckIn = progressDeadlineIn(status, deployment, now);
    return stuckIn === undefined ? undefined : { requeueAfterMs: stuckIn + 1000 };
  }

  async function createSet(deployment: Deployment, hash: string, old: readonly ReplicaSet[]): Promise<ReplicaSet> {
    const { metadata, spec } = deployment;
    const labels = { ...spec.template.metadata?.labels, [HASH_LABEL]: hash };
    const replicas = wantedReplicas(deployment);
    const running = old.reduce((n, set) => n + wantedReplicas(set), 0);
    const room = spec.strategy?.type === 'Recreate' ? (running > 0 ? 0 : replicas) : replicas + rolloutBounds(replicas, spec.strategy?.rollingUpdate).maxSurge - running;
    const first = Math.max(0, Math.min(replicas, room));
    const created = await api.create({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${metadata.name}-${hash}`,
        namespace: metadata.namespace ?? 'default',
        labels,
        annotations: currentAnnotations(deployment, old),
        ownerReferences: [controlledBy(deployment)],
      },
      spec: {
        replicas: first,
        ...(spec.minReadySeconds === undefined ? {} : { minReadySeconds: spec.minReadySeconds }),
        selector: { matchLabels: { ...spec.selector.matchLabels, [HASH_LABEL]: hash } },
        template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
      },
    });
    informers.observe('ReplicaSet', created);
    if (first > 0) sayScaled(deployment, created.metadata.name, 0, first);
    return created as ReplicaSet;
  }

  /** The ReplicaSet of a template that the Deployment has again is its newest. */
  async function numbered(deployment: Deployment, set: ReplicaSet, old: readonly ReplicaSet[]): Promise<ReplicaSet> {
    return (await annotate(set, currentAnnotations(deployment, old, set))) as ReplicaSet;
  }

  async function annotate(object: Deployment | ReplicaSet, wanted: StringMap): Promise<KubeObject> {
    const annotations = missingAnnotations(object.metadata.annotations, wanted);
    if (!annotations) return object;
    const annotated = await api.mergePatch(refOf(object), { metadata: { annotations } });
    informers.observe(object.kind as 'Deployment' | 'ReplicaSet', annotated);
    return annotated;
  }

  function sayScaled(deployment: Deployment, name: string, from: number, to: number): void {
    const message = `Scaled ${to > from ? 'up' : 'down'} replica set ${name} from ${from} to ${to}`;
    sayEvent(context, deployment, { type: 'Normal', reason: 'ScalingReplicaSet', message, component: 'deployment-controller' });
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
    await Promise.all(scaled.map(async (set) => {
      const replicas = next.get(set.metadata.name) ?? 0;
      informers.observe('ReplicaSet', await api.mergePatch(refOf(set), { spec: { replicas } }));
      sayScaled(deployment, set.metadata.name, wantedReplicas(set), replicas);
    }));
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
  return revisionOf(a) - revisionOf(b);
}
