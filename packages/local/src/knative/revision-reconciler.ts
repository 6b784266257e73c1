import { objectKey, type Condition, type KubeObject } from 'cdk8s-kserve/api';
import type { ReconcileResult } from 'cdk8s-kserve-controller';
import { revisionServiceName } from '../gateway/compile-knative-route';
import type { Pod } from '../kubelet/pod';
import { transition } from '../reconciling/conditions';
import { own, ownerOfKind, type Reconciler, type ReconcilerContext } from '../reconciling/reconciler';
import { writeStatus } from '../reconciling/write-status';
import { wantedReplicas, type Deployment } from '../workloads/types';
import { podFailure } from './pod-failure';
import { makeRevisionDeployment, makeRevisionService, revisionDeploymentName } from './revision-pods';
import { scaleSettings } from './scale-settings';
import { happy, KNATIVE_LABEL, statusOf, type Revision } from './types';

/** Runs a revision: its Deployment, the Service that selects its pods, and its conditions. */
export function revisionReconciler(context: ReconcilerContext): Reconciler {
  const { api, informers, clock } = context;

  async function reconcile(key: string): Promise<ReconcileResult | void> {
    const revision = informers.get('Revision', key) as Revision | undefined;
    if (!revision || revision.metadata.deletionTimestamp) return;
    const { initialScale, minScale } = scaleSettings(revision);
    const [deployment] = await Promise.all([
      ensure('Deployment', revisionDeploymentName(revision.metadata.name), () => makeRevisionDeployment(revision, Math.max(initialScale, minScale))),
      ensure('Service', revisionServiceName(revision.metadata.name), () => makeRevisionService(revision)),
    ]);
    await writeStatus(context, 'Revision', revision, statusOfRevision(revision, deployment as Deployment));
  }

  async function ensure(kind: 'Deployment' | 'Service', name: string, make: () => KubeObject): Promise<KubeObject> {
    const wanted = make();
    const live = informers.get(kind, objectKey({ ...wanted.metadata, name }));
    if (live) return live;
    const created = await api.create(wanted);
    informers.observe(kind, created);
    return created;
  }

  function statusOfRevision(revision: Revision, deployment: Deployment): object {
    const wanted = wantedReplicas(deployment);
    const available = deployment.status?.availableReplicas ?? 0;
    const conditions = revisionConditions(revision, deployment, available);
    return {
      observedGeneration: revision.metadata.generation ?? 0,
      conditions: transition(conditions, revision.status?.conditions ?? [], clock.now()),
      actualReplicas: available,
      desiredReplicas: wanted,
      containerStatuses: revision.spec.containers.map((c, i) => ({ name: c.name ?? `container-${i}`, imageDigest: c.image ?? '' })),
    };
  }

  function revisionConditions(revision: Revision, deployment: Deployment, available: number): readonly Condition[] {
    const wanted = wantedReplicas(deployment);
    const { initialScale, minScale } = scaleSettings(revision);
    // Reached once is enough: a revision that was scaled to zero is as ready as before.
    const initialized = statusOf(revision, 'Ready') === 'True' || available >= Math.max(initialScale, minScale);
    const failure = wanted > 0 && available === 0 ? podFailure(podsOf(revision)) : undefined;
    const progressing = deployment.status?.conditions?.find((c) => c.type === 'Progressing');
    const stuck = progressing?.reason === 'ProgressDeadlineExceeded' && !initialized ? progressing : undefined;
    const deploying: Condition['status'] = initialized ? 'True' : 'Unknown';
    const healthy: Condition = failure?.about === 'container' ? { type: 'ContainerHealthy', status: 'False', reason: failure.reason, message: failure.message } : { type: 'ContainerHealthy', status: deploying, ...waiting(deploying) };
    const blocked = failure?.about === 'resources' ? failure : stuck ? { reason: 'ProgressDeadlineExceeded', message: stuck.message ?? '' } : undefined;
    const resources: Condition = blocked
      ? { type: 'ResourcesAvailable', status: 'False', reason: blocked.reason, message: blocked.message }
      : { type: 'ResourcesAvailable', status: deploying, ...waiting(deploying) };
    const active: Condition = wanted === 0
      ? { type: 'Active', status: 'False', severity: 'Info', reason: 'NoTraffic', message: 'The target is not receiving traffic.' }
      : { type: 'Active', status: available > 0 ? 'True' : 'Unknown', severity: 'Info', ...(available > 0 ? {} : { reason: 'Queued', message: 'Requests to the target are being buffered as resources are provisioned.' }) };
    return [active, healthy, happy([healthy, resources]), resources];
  }

  function podsOf(revision: Revision): Pod[] {
    const pods = informers.inNamespace('Pod', revision.metadata.namespace ?? 'default') as Pod[];
    return pods.filter((p) => p.metadata.labels?.[KNATIVE_LABEL.revisionUid] === revision.metadata.uid);
  }

  function revisionOfPod(pod: KubeObject): readonly string[] {
    const name = pod.metadata.labels?.[KNATIVE_LABEL.revision];
    return name === undefined ? [] : [objectKey({ name, namespace: pod.metadata.namespace })];
  }

  return {
    name: 'knative-revision',
    watches: [
      { kind: 'Revision', keys: own },
      { kind: 'Deployment', keys: ownerOfKind('Revision') },
      { kind: 'Pod', keys: revisionOfPod },
    ],
    reconcile,
  };
}

function waiting(status: Condition['status']): Partial<Condition> {
  return status === 'Unknown' ? { reason: 'Deploying' } : {};
}
