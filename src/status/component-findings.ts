import { COMPONENT_ROLES, LABEL, type ComponentRole, type KubeObject } from '../api';
import type { RenderResult } from '../render';
import { finding, type Finding } from './conditions';
import { deploymentFinding } from './raw-findings';

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

/** Deployments of versions beside the stable one. */
export function canaryWorkloads(rendered: RenderResult): readonly KubeObject[] {
  const stable = new Set(rolesOf(rendered).flatMap((role) => workloadsOf(rendered, role)));
  return rendered.children.filter((c) => isWorkload(c, rendered) && !stable.has(c) && c.metadata.labels?.[LABEL.component] !== undefined);
}

/** One condition of several Deployments: the first that is not True speaks for all. */
export function deploymentsFinding(type: string, wanted: readonly KubeObject[], live: (wanted: KubeObject) => KubeObject | undefined): Finding {
  const found = wanted.map((object) => deploymentFinding(type, live(object)));
  return found.find((f) => f.status === 'False') ?? found.find((f) => f.status !== 'True') ?? found[0] ?? finding(type, 'Unknown', 'DeploymentMissing', 'the Deployment does not exist yet');
}

function isWorkload({ apiVersion, kind }: KubeObject, { mode }: RenderResult): boolean {
  return mode === 'Knative' ? kind === 'Service' && apiVersion.startsWith('serving.knative.dev/') : kind === 'Deployment';
}
