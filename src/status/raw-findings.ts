import type { KubeObject } from '../api';
import { conditionOf, finding, isCurrent, type Finding } from './conditions';

/**
 * Whether a raw component answers, in the words of its Deployment's own conditions.
 *
 * KServe differs: one available instance is enough, of whichever version; upstream asks for the Deployment's minimum
 * availability, and takes it as given where that minimum is none.
 *
 * @param mayIdle whether having no instance is what the service asks for while nobody calls.
 */
export function deploymentFinding(type: string, deployment: KubeObject | undefined, mayIdle = false): Finding {
  if (!deployment) return finding(type, 'Unknown', 'DeploymentMissing', 'the Deployment does not exist yet');
  const available = conditionOf(deployment, 'Available');
  const progressing = conditionOf(deployment, 'Progressing');
  const failed = conditionOf(deployment, 'ReplicaFailure');
  const answering = availableReplicas(deployment);
  if (answering > 0) {
    if (available?.status === 'False') return finding(type, 'True', available.reason, `${answering} of ${wantedReplicas(deployment)} instances answer`);
    const settled = progressing?.reason === 'NewReplicaSetAvailable' && isCurrent(deployment);
    const words = settled ? progressing : available;
    return finding(type, 'True', words?.reason, words?.message);
  }
  if (mayIdle && wantedReplicas(deployment) === 0) return finding(type, 'True', 'ScaledToZero', 'its scaler keeps no instance while nobody calls');
  if (failed?.status === 'True') return finding(type, 'False', failed.reason, failed.message);
  if (progressing?.status === 'False') return finding(type, 'False', progressing.reason, progressing.message);
  if (available?.status === 'False') return finding(type, 'False', available.reason, available.message);
  if (available?.status === 'True') return finding(type, 'False', 'NoInstance', 'the Deployment has no available instance');
  return finding(type, 'Unknown', 'DeploymentStarting', 'the Deployment has not reported yet');
}

/** Instances that answer, of all versions of its pods. */
export function availableReplicas(deployment: KubeObject): number {
  return ((deployment['status'] ?? {}) as { readonly availableReplicas?: number }).availableReplicas ?? 0;
}

function wantedReplicas(deployment: KubeObject): number {
  return ((deployment['spec'] ?? {}) as { readonly replicas?: number }).replicas ?? 1;
}
