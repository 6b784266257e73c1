import { COMPONENT_ROLES, LABEL, type ComponentRole, type Condition, type KubeObject } from '../api';
import type { RenderResult } from '../render';
import { conditionOf, finding, isCurrent, type Finding } from './conditions';
import { deploymentFinding } from './raw-findings';
import { leadsTo } from './leads-to';

/** The condition that says whether a component answers: `PredictorReady`, `TransformerReady`, `ExplainerReady`. */
export function readyType(role: ComponentRole): string {
  return `${capitalized(role)}Ready`;
}

export function capitalized(role: ComponentRole): string {
  return role.charAt(0).toUpperCase() + role.slice(1);
}

/** The components that a rendered service has, the predictor first. */
export function rolesOf(rendered: RenderResult): readonly ComponentRole[] {
  return COMPONENT_ROLES.filter((role) => rendered.endpoints?.components[role] !== undefined);
}

/** The objects that run a component: one, or head and workers of one that is spread over nodes. Canaries are not among them. */
export function workloadsOf(rendered: RenderResult, role: ComponentRole): readonly KubeObject[] {
  const name = rendered.endpoints?.components[role]?.objectName;
  const names = name === undefined ? [] : [name, `${name}-worker`];
  return rendered.children.filter((c) => isWorkload(c, rendered) && names.includes(c.metadata.name));
}

/** Whether the rollout of a workload's latest spec is over. */
export function isSettled(workload: KubeObject): boolean {
  if (!isCurrent(workload)) return false;
  if (workload.kind === 'Deployment') return conditionOf(workload, 'Progressing')?.reason === 'NewReplicaSetAvailable';
  return conditionOf(workload, 'ConfigurationsReady')?.status === 'True' && conditionOf(workload, 'RoutesReady')?.status !== 'Unknown';
}

/** What a workload says of a rollout that will not come to its end: a deadline that passed, a revision that failed. */
export function stuckCondition(workload: KubeObject): Condition | undefined {
  const condition = conditionOf(workload, workload.kind === 'Deployment' ? 'Progressing' : 'ConfigurationsReady');
  return condition?.status === 'False' && isCurrent(workload) ? condition : undefined;
}

/** Deployments of versions beside the stable one. */
export function canaryWorkloads(rendered: RenderResult): readonly KubeObject[] {
  const stable = new Set(rolesOf(rendered).flatMap((role) => workloadsOf(rendered, role)));
  return rendered.children.filter((c) => isWorkload(c, rendered) && !stable.has(c) && c.metadata.labels?.[LABEL.component] !== undefined);
}

/** Whether a raw component answers: its Deployments, of which the first that is not True speaks for all, and the Service that callers use. */
export function rawComponentFinding(rendered: RenderResult, role: ComponentRole, live: (wanted: KubeObject) => KubeObject | undefined, mayIdle: boolean): Finding {
  const type = readyType(role);
  const workloads = workloadsOf(rendered, role);
  const found = workloads.map((object) => deploymentFinding(type, live(object), mayIdle));
  const worst = found.find((f) => f.status === 'False') ?? found.find((f) => f.status !== 'True');
  if (worst) return worst;
  const address = rendered.children.find((c) => c.apiVersion === 'v1' && c.kind === 'Service' && c.metadata.name === rendered.endpoints?.components[role]?.objectName);
  const service = address && live(address);
  if (address && !service) return finding(type, 'False', 'ServiceMissing', `Service ${address.metadata.name} does not exist yet`);
  const [head] = workloads.flatMap((object) => live(object) ?? []);
  if (service && head && !leadsTo(service, head)) return finding(type, 'False', 'ServiceSelectsOthers', `Service ${service.metadata.name} selects other pods than those of Deployment ${head.metadata.name}`);
  return found[0] ?? finding(type, 'Unknown', 'DeploymentMissing', 'the Deployment does not exist yet');
}

function isWorkload({ apiVersion, kind }: KubeObject, { mode }: RenderResult): boolean {
  return mode === 'Knative' ? kind === 'Service' && apiVersion.startsWith('serving.knative.dev/') : kind === 'Deployment';
}
