import { COMPONENT_ROLES, rolloutOf, type InferenceService, type KubeObject } from 'cdk8s-kserve/api';
import { componentName, type Observed } from 'cdk8s-kserve/render';

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
