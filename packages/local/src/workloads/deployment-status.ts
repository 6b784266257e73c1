import { timestamp } from '../kubelet/timestamp';
import { rolloutBounds } from './rollout';
import { wantedReplicas, type Deployment, type DeploymentCondition, type DeploymentStatus, type ReplicaSet } from './types';

export interface DeploymentView {
  readonly deployment: Deployment;
  readonly current: ReplicaSet;
  readonly old: readonly ReplicaSet[];
  readonly now: number;
}

/** A Deployment's status in Kubernetes' own words; controllers read its reasons. */
export function deploymentStatus(view: DeploymentView): DeploymentStatus & { readonly conditions: readonly DeploymentCondition[] } {
  const { deployment, current, old } = view;
  const all = [current, ...old];
  const total = (of: (set: ReplicaSet) => number): number => all.reduce((n, set) => n + of(set), 0);
  const availableReplicas = total((s) => s.status?.availableReplicas ?? 0);
  const counts = {
    replicas: total((s) => s.status?.replicas ?? 0),
    updatedReplicas: current.status?.replicas ?? 0,
    readyReplicas: total((s) => s.status?.readyReplicas ?? 0),
    availableReplicas,
    unavailableReplicas: Math.max(0, total(wantedReplicas) - availableReplicas),
  };
  const conditions = [available(view, availableReplicas), progressing(view, counts), ...replicaFailure(view)];
  return { observedGeneration: deployment.metadata.generation ?? 0, ...dropZeros(counts), conditions };
}

/** Milliseconds until the rollout counts as stuck; undefined when it is over or has no deadline. */
export function progressDeadlineIn(status: DeploymentStatus, deployment: Deployment, now: number): number | undefined {
  const condition = status.conditions?.find((c) => c.type === 'Progressing');
  if (!condition || condition.reason === 'NewReplicaSetAvailable' || condition.status === 'False') return undefined;
  return Math.max(0, Date.parse(condition.lastUpdateTime ?? timestamp(now)) + deadlineMs(deployment) - now);
}

function available({ deployment, now }: DeploymentView, availableReplicas: number): DeploymentCondition {
  const replicas = wantedReplicas(deployment);
  const enough = availableReplicas >= replicas - rolloutBounds(replicas, deployment.spec.strategy?.rollingUpdate).maxUnavailable;
  return enough
    ? stamp({ type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }, deployment, now)
    : stamp({ type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', message: 'Deployment does not have minimum availability.' }, deployment, now);
}

type Counts = Pick<Required<DeploymentStatus>, 'replicas' | 'updatedReplicas' | 'readyReplicas' | 'availableReplicas'>;

function progressing(view: DeploymentView, counts: Counts): DeploymentCondition {
  const { deployment, current, now } = view;
  const set = `ReplicaSet ${JSON.stringify(current.metadata.name)}`;
  const before = deployment.status?.conditions?.find((c) => c.type === 'Progressing');
  const wanted = wantedReplicas(deployment);
  const sameTemplate = before?.message?.startsWith(set) ?? false;
  const complete = counts.updatedReplicas === wanted && counts.replicas === wanted && counts.availableReplicas >= wanted;
  if (complete) return stamp({ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message: `${set} has successfully progressed.` }, deployment, now);
  // A pod that fails later is a matter of availability; the rollout itself stays done.
  if (before && sameTemplate && before.reason === 'NewReplicaSetAvailable' && counts.replicas === counts.updatedReplicas) return before;
  if (before && sameTemplate && !moved(deployment.status ?? {}, counts)) {
    const late = now >= Date.parse(before.lastUpdateTime ?? timestamp(now)) + deadlineMs(deployment);
    if (!late || before.status === 'False') return before;
    return stamp({ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: `${set} has timed out progressing.` }, deployment, now);
  }
  return stamp({ type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message: `${set} is progressing.` }, deployment, now, true);
}

function replicaFailure({ deployment, current, now }: DeploymentView): readonly DeploymentCondition[] {
  const failure = current.status?.conditions?.find((c) => c.type === 'ReplicaFailure' && c.status === 'True');
  return failure ? [stamp({ ...failure }, deployment, now)] : [];
}

/** More new, ready or available pods, or fewer old ones, than the last status had. */
function moved(before: DeploymentStatus, now: Counts): boolean {
  const old = (before.replicas ?? 0) - (before.updatedReplicas ?? 0);
  return (
    now.updatedReplicas > (before.updatedReplicas ?? 0) ||
    now.readyReplicas > (before.readyReplicas ?? 0) ||
    now.availableReplicas > (before.availableReplicas ?? 0) ||
    now.replicas - now.updatedReplicas < old
  );
}

function stamp(next: DeploymentCondition, deployment: Deployment, now: number, progress = false): DeploymentCondition {
  const before = deployment.status?.conditions?.find((c) => c.type === next.type);
  const same = before?.status === next.status && before.reason === next.reason && !progress;
  return {
    ...next,
    lastUpdateTime: (same && before.lastUpdateTime) || timestamp(now),
    lastTransitionTime: (before?.status === next.status && before.lastTransitionTime) || timestamp(now),
  };
}

function deadlineMs(deployment: Deployment): number {
  return (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
}

function dropZeros(counts: Readonly<Record<string, number>>): object {
  return Object.fromEntries(Object.entries(counts).filter(([, n]) => n !== 0));
}
