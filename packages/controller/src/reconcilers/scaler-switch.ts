import { KEDA_API, type KubeObject } from 'cdk8s-kserve/api';

/**
 * Old autoscalers of which another kind takes the place. Two of one Deployment fight, so the old one goes first: without
 * any, the Deployment keeps the replicas that it has.
 */
export function replacedScalers(wanted: readonly KubeObject[], owned: readonly KubeObject[]): readonly KubeObject[] {
  return owned.filter((old) => isScaler(old) && wanted.some((next) => replaces(next, old)));
}

/** Whether this wanted child has to wait until an old autoscaler is gone: KEDA's stays until KEDA has let go of the Deployment. */
export function waitsForScaler(child: KubeObject, replaced: readonly KubeObject[]): boolean {
  return replaced.some((old) => replaces(child, old));
}

/** KEDA's own HPA goes before the ScaledObject that it belongs to, not some time after it. */
export function isScaledObject({ apiVersion, kind }: KubeObject): boolean {
  return apiVersion === KEDA_API && kind === 'ScaledObject';
}

/**
 * Replicas to start a Deployment with that KEDA has left at zero: an HPA takes zero for a pause and would leave it there.
 * Undefined when there is nothing to do.
 *
 * @param scaler the autoscaler that is about to be made
 */
export function wakingReplicas(scaler: KubeObject, deployment: KubeObject | undefined): number | undefined {
  if (scaler.kind !== 'HorizontalPodAutoscaler' || (deployment?.['spec'] as { readonly replicas?: number } | undefined)?.replicas !== 0) return undefined;
  return (scaler['spec'] as { readonly minReplicas?: number }).minReplicas ?? 1;
}

function replaces(next: KubeObject, old: KubeObject): boolean {
  return isScaler(next) && next.kind !== old.kind && next.metadata.name === old.metadata.name;
}

function isScaler(object: KubeObject): boolean {
  return object.kind === 'HorizontalPodAutoscaler' || isScaledObject(object);
}
