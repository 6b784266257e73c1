import type { KubeObject } from 'cdk8s-kserve/api';
import { routeBackends } from 'cdk8s-kserve/status';
import { serves } from './mode-switch';
import { childKey } from './ownership';

/**
 * Routes that stay as they are for now: they lead to what answers, and would lead to a Deployment that does not yet, as
 * when a transformer is put before a predictor. A route that leads nowhere good is changed at once.
 */
export function routesToHold(wanted: readonly KubeObject[], owned: readonly KubeObject[]): readonly KubeObject[] {
  const live = new Map(owned.map((child) => [childKey(child), child]));
  const deployments = new Map(wanted.filter((child) => child.kind === 'Deployment').map((child) => [child.metadata.name, live.get(childKey(child))]));
  const answers = (name: string): boolean => {
    const deployment = deployments.get(name) ?? owned.find((child) => child.kind === 'Deployment' && child.metadata.name === name);
    return deployment !== undefined && serves(deployment);
  };
  return wanted.filter((route) => {
    const now = routeBackends(live.get(childKey(route)));
    const awaited = routeBackends(route).filter((name) => deployments.has(name) && !now.includes(name) && !answers(name));
    return awaited.length > 0 && now.length > 0 && now.every(answers);
  });
}
