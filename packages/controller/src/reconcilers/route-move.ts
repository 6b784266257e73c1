import type { KubeObject } from 'cdk8s-kserve/api';
import { isWorkload, routeBackends } from 'cdk8s-kserve/status';
import { isTrue, serves } from './mode-switch';
import { childKey } from './ownership';

/**
 * Routes that stay as they are for now: they lead to what answers, or will again, and would lead to a workload that does
 * not yet, as when a transformer is put before a predictor. A route that leads nowhere good is changed at once.
 */
export function routesToHold(wanted: readonly KubeObject[], owned: readonly KubeObject[]): readonly KubeObject[] {
  const live = new Map(owned.map((child) => [childKey(child), child]));
  const workloads = new Map(wanted.filter(isWorkload).map((child) => [child.metadata.name, live.get(childKey(child))]));
  const workload = (name: string): KubeObject | undefined => workloads.get(name) ?? owned.find((child) => isWorkload(child) && child.metadata.name === name);
  return wanted.filter((route) => {
    const now = routeBackends(live.get(childKey(route)));
    const awaited = routeBackends(route).filter((name) => workloads.has(name) && !now.includes(name) && !isReachable(workload(name)));
    return awaited.length > 0 && now.length > 0 && now.every((name) => workloads.has(name) || answers(workload(name)));
  });
}

function answers(workload: KubeObject | undefined): boolean {
  return workload !== undefined && serves(workload);
}

/** Of a Knative Service that the ingress layer knows its revision, too. */
function isReachable(workload: KubeObject | undefined): boolean {
  return answers(workload) && (workload?.kind === 'Deployment' || isTrue(workload, 'RoutesReady'));
}
