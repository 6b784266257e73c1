import { objectKey, type Condition, type KubeObject } from 'cdk8s-kserve/api';
import { transition } from '../reconciling/conditions';
import { own, type Reconciler, type ReconcilerContext } from '../reconciling/reconciler';
import { writeStatus } from '../reconciling/write-status';
import { wantedReplicas, type Deployment } from './types';

interface HorizontalPodAutoscaler extends KubeObject {
  readonly spec: { readonly scaleTargetRef: { readonly kind: string; readonly name: string }; readonly minReplicas?: number; readonly maxReplicas: number };
  readonly status?: { readonly conditions?: readonly Condition[]; readonly lastScaleTime?: string };
}

/**
 * Keeps a Deployment within its autoscaler's bounds. Nothing here measures the processor share of a process, and the
 * status says so rather than showing a number nobody measured.
 */
export function hpaReconciler(context: ReconcilerContext): Reconciler {
  const { api, informers, clock } = context;

  async function reconcile(key: string): Promise<void> {
    const hpa = informers.get('HorizontalPodAutoscaler', key) as HorizontalPodAutoscaler | undefined;
    if (!hpa || hpa.metadata.deletionTimestamp) return;
    const { scaleTargetRef, minReplicas = 1, maxReplicas } = hpa.spec;
    const target = scaleTargetRef.kind === 'Deployment' ? (informers.get('Deployment', objectKey({ ...hpa.metadata, name: scaleTargetRef.name })) as Deployment | undefined) : undefined;
    if (!target) {
      await write(hpa, { currentReplicas: 0, desiredReplicas: 0 }, [
        { type: 'AbleToScale', status: 'False', reason: 'FailedGetScale', message: `the HPA controller was unable to get the target's current scale: ${scaleTargetRef.kind} ${scaleTargetRef.name} not found` },
      ]);
      return;
    }
    const wanted = wantedReplicas(target);
    // Zero means that somebody switched the target off; an autoscaler leaves it so.
    const desired = wanted === 0 ? 0 : Math.min(Math.max(wanted, minReplicas), maxReplicas);
    if (desired !== wanted) {
      const { name, namespace = 'default' } = target.metadata;
      informers.observe('Deployment', await api.mergePatch({ apiVersion: 'apps/v1', kind: 'Deployment', name, namespace }, { spec: { replicas: desired } }));
    }
    await write(hpa, { currentReplicas: target.status?.replicas ?? 0, desiredReplicas: desired }, [
      { type: 'AbleToScale', status: 'True', reason: 'ReadyForNewScale', message: 'recommended size matches current size' },
      wanted === 0
        ? { type: 'ScalingActive', status: 'False', reason: 'ScalingDisabled', message: 'scaling is disabled since the replica count of the target is zero' }
        : { type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message: 'local mode measures no resource usage; the replica count is only kept between minReplicas and maxReplicas' },
      desired === wanted
        ? { type: 'ScalingLimited', status: 'False', reason: 'DesiredWithinRange', message: 'the desired count is within the acceptable range' }
        : { type: 'ScalingLimited', status: 'True', reason: desired > wanted ? 'TooFewReplicas' : 'TooManyReplicas', message: `the desired replica count is ${desired > wanted ? 'less' : 'more'} than the ${desired > wanted ? 'minimum' : 'maximum'} replica count` },
    ]);
  }

  async function write(hpa: HorizontalPodAutoscaler, counts: object, conditions: readonly Condition[]): Promise<void> {
    const status = { observedGeneration: hpa.metadata.generation ?? 0, ...counts, conditions: transition(conditions, hpa.status?.conditions ?? [], clock.now()) };
    await writeStatus(context, 'HorizontalPodAutoscaler', hpa, status);
  }

  function autoscalersOf(deployment: KubeObject): readonly string[] {
    return informers.keysBeside<HorizontalPodAutoscaler>('HorizontalPodAutoscaler', deployment, (hpa) => hpa.spec.scaleTargetRef.name === deployment.metadata.name);
  }

  return {
    name: 'hpa',
    watches: [
      { kind: 'HorizontalPodAutoscaler', keys: own },
      { kind: 'Deployment', keys: autoscalersOf },
    ],
    reconcile,
  };
}
