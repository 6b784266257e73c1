import type { KubeObject } from '../api';
import { conditionOf, finding, isCurrent, type Finding } from './conditions';

/** Whether a raw component's Deployment serves, in the words of its own conditions. */
export function deploymentFinding(type: string, deployment: KubeObject | undefined): Finding {
  if (!deployment) return finding(type, 'Unknown', 'DeploymentMissing', 'the Deployment does not exist yet');
  const available = conditionOf(deployment, 'Available');
  const progressing = conditionOf(deployment, 'Progressing');
  const failed = conditionOf(deployment, 'ReplicaFailure');
  if (available?.status === 'True') {
    const settled = progressing?.reason === 'NewReplicaSetAvailable' && isCurrent(deployment);
    return settled ? finding(type, 'True', progressing.reason, progressing.message) : finding(type, 'True', available.reason, available.message);
  }
  if (failed?.status === 'True') return finding(type, 'False', failed.reason, failed.message);
  if (progressing?.status === 'False') return finding(type, 'False', progressing.reason, progressing.message);
  if (available?.status === 'False') return finding(type, 'False', available.reason, available.message);
  return finding(type, 'Unknown', 'DeploymentStarting', 'the Deployment has not reported yet');
}

interface RouteStatus {
  readonly parents?: readonly { readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string }[] }[];
}

/**
 * Whether every wanted route is accepted by its gateway.
 *
 * KServe differs: this is about routes alone. Upstream also shows the predictor here, and then forgets to take it back.
 */
export function routesFinding(wanted: readonly KubeObject[], live: (wanted: KubeObject) => KubeObject | undefined): Finding {
  const type = 'IngressReady';
  for (const route of wanted) {
    const name = `${route.kind} ${route.metadata.name}`;
    const found = live(route);
    if (!found) return finding(type, 'False', 'RouteMissing', `${name} does not exist yet`);
    // An Ingress or a VirtualService has no status that says whether somebody serves it.
    if (route.kind === 'Ingress' || route.kind === 'VirtualService') continue;
    const parents = ((found['status'] ?? {}) as RouteStatus).parents ?? [];
    if (parents.length === 0) return finding(type, 'False', 'ParentStatusNotAvailable', `${name} has not been accepted by a gateway yet`);
    for (const condition of parents.flatMap((p) => p.conditions ?? [])) {
      if (condition.status === 'False') return finding(type, 'False', condition.reason, `${name}: ${condition.message ?? condition.type}`);
    }
    if (!parents.some((p) => p.conditions?.some((c) => c.type === 'Accepted' && c.status === 'True'))) {
      return finding(type, 'Unknown', 'RouteNotAccepted', `${name} has not been accepted by a gateway yet`);
    }
  }
  return finding(type, 'True');
}
