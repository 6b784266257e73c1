import { COMPONENT_ROLES, KNATIVE_SERVING_API, rolloutOf, type ComponentRole, type InferenceService, type KubeObject } from 'cdk8s-kserve/api';
import { componentName, stableName, type Observed } from 'cdk8s-kserve/render';
import { isLostRevision } from 'cdk8s-kserve/status';

/**
 * What the service's own children tell that decides how it is rendered: a canary gets its share of the traffic once each
 * of its Deployments has an available replica, and loses it when it has none left. Undefined when nothing does.
 */
export function observedOf(service: InferenceService, children: readonly KubeObject[]): Observed | undefined {
  const rollout = rolloutOf(service);
  if (rollout.kind !== 'variants') {
    return undefined;
  }
  const live = new Map(children.filter((c) => c.kind === 'Deployment').map((c) => [c.metadata.name, c]));
  const { name } = service.metadata;
  const waiting = rollout.variants.filter((variant) =>
    COMPONENT_ROLES.filter((role) => service.spec[role] !== undefined).some((role) => !answers(live.get(componentName(name, role, variant.name)))),
  );
  return { unavailable: new Set(waiting.map((variant) => componentName(name, 'predictor', variant.name))) };
}

function answers(deployment: KubeObject | undefined): boolean {
  const { availableReplicas = 0 } = (deployment?.['status'] ?? {}) as { readonly availableReplicas?: number };
  return availableReplicas > 0;
}

/**
 * The service without what its status remembers of revisions that went with their Knative Service: a new one counts
 * from 1 again, and a share of the requests for a revision that is not there keeps all its routes from ever being ready.
 */
export function withoutLostRevisions(service: InferenceService, children: readonly KubeObject[]): InferenceService {
  const { components } = service.status ?? {};
  const live = new Map(children.filter((c) => c.apiVersion === KNATIVE_SERVING_API).map((c) => [c.metadata.name, c]));
  const isLost = (role: ComponentRole): boolean => {
    const revision = components?.[role]?.latestRolledoutRevision;
    return revision !== undefined && isLostRevision(revision, live.get(stableName(service, role)));
  };
  const lost = COMPONENT_ROLES.filter(isLost);
  if (lost.length === 0) return service;
  const kept = Object.entries(components ?? {}).filter(([role]) => !lost.some((l) => l === role));
  return { ...service, status: { ...service.status, components: Object.fromEntries(kept) } };
}
