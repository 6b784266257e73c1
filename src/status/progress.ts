import { COMPONENT_ROLES, LABEL, type ComponentRole, type DeploymentMode, type InferenceService, type KubeObject } from '../api';
import { componentName, stableName } from '../render';
import { isSettled, stuckCondition } from './component-findings';
import { finding, type Finding } from './conditions';
import { doesAnswer, knativeAnswer, wasRouted } from './knative-answer';
import type { PodFailure } from './pod-failure';
import { availableReplicas } from './raw-findings';
import { refusalLine, type ChildRefusal } from './refusals';
import { routeBackends } from './route-backends';
import { lostRoute, routesFinding } from './route-findings';
import { leadsTo } from './leads-to';
import { isWorkload, publishedName, roleOf, serviceNamed } from './workloads';

export interface WayIn {
  readonly service: InferenceService;
  readonly children: readonly KubeObject[];
  /** The service's pods. */
  readonly pods: readonly KubeObject[];
  /** See `StatusInput`. */
  readonly gateways?: readonly KubeObject[] | undefined;
  /** Whether the children are what the spec asks for, or will be; otherwise only they tell what there is. */
  readonly valid: boolean;
  /** Workloads that are no longer wanted, while they answer in place of the wanted ones. @default - none */
  readonly serving?: readonly KubeObject[];
}

/**
 * `Servable`: whether a prediction would be answered now, by whatever version, whatever is in progress and however wrong
 * the latest spec is.
 */
export function servableFinding(way: WayIn): Finding {
  const { service, children, gateways, valid, serving = [] } = way;
  const of = (role: ComponentRole): readonly KubeObject[] => (valid ? workloads(service, role, children) : leftWorkloads(service, role, children));
  const passesTransformer = valid ? service.spec.transformer !== undefined : of('transformer').length > 0;
  const path: readonly ComponentRole[] = passesTransformer && !passedBy('transformer', way) ? ['predictor', 'transformer'] : ['predictor'];
  const silent = serving.length > 0
    ? path.filter((role) => inRole(serving, role).length > 0 && !inRole(serving, role).some((workload) => answers(workload, role, way)))
    : path.filter((role) => !of(role).some((workload) => answers(workload, role, way)));
  if (silent.length > 0) return finding('Servable', 'False', 'NoInstance', `nothing answers for: ${silent.join(', ')}`);
  // A Knative Service brings its route; of a Deployment's nobody can tell what it was until the spec is valid again.
  const isRouted = of('predictor').some((workload) => workload.kind !== 'Deployment' && answers(workload, 'predictor', way));
  if (!valid && !isRouted && lostRoute(service, children)) return finding('Servable', 'False', 'RouteMissing', 'its route is gone; correct the spec, and it is made again');
  const live = (route: KubeObject): KubeObject => route;
  const routes = routesFinding(children.filter((c) => c.kind === 'HTTPRoute' || c.kind === 'GRPCRoute'), live, gateways);
  return routes.status === 'True' ? finding('Servable', 'True') : { ...routes, type: 'Servable', status: 'False' };
}

export interface ProgressInput {
  readonly service: InferenceService;
  readonly children: readonly KubeObject[];
  /** What the other conditions say. */
  readonly findings: readonly Finding[];
  /** Requests go on to the workloads before. */
  readonly switching: boolean;
  /** Whose workloads the spec asks for. */
  readonly mode: DeploymentMode;
  readonly refused: readonly ChildRefusal[];
  /** Why the newest pod of a component does not serve. */
  readonly failureOf: (role: ComponentRole) => PodFailure | undefined;
}

/**
 * `Progressing`: whether waiting is worth while. False once all is as the spec says, and also when it will not be: a
 * refused child, a Deployment past its deadline, a Knative revision that failed. Whatever answers meanwhile is no news here.
 */
export function progressingFinding({ service, children, findings, switching, mode, refused, failureOf }: ProgressInput): Finding {
  const type = 'Progressing';
  const [refusal] = refused;
  if (refusal) return finding(type, 'False', 'ReconcileFailed', refusalLine(refusal));
  const wanted = (workload: KubeObject): boolean => (workload.kind === 'Deployment') === (mode === 'Standard');
  const all = COMPONENT_ROLES.flatMap((role) => workloads(service, role, children).filter(wanted).map((workload) => ({ role, workload })));
  for (const { role, workload } of all) {
    const given = stuckCondition(workload);
    const cause = given && workload.kind === 'Deployment' ? failureOf(role) : undefined;
    if (given) return finding(type, 'False', given.reason ?? 'Failed', cause ? `${cause.reason}: ${cause.message}; ${given.message ?? ''}` : given.message);
  }
  if (switching) return finding(type, 'True', 'SwitchingMode', 'requests go on to what answered before until the new workloads do');
  const moving = all.filter(({ workload }) => !isSettled(workload)).map(({ workload }) => `${workload.kind} ${workload.metadata.name}`);
  if (moving.length > 0 || all.length === 0) return finding(type, 'True', 'RollingOut', moving.length > 0 ? `${moving.join(', ')} is rolling out` : 'no workload exists yet');
  const route = findings.find((f) => f.type === 'IngressReady');
  return route && route.status !== 'True' ? finding(type, 'True', 'WaitingForRoute', route.message) : finding(type, 'False', 'Settled');
}

/**
 * Whether requests do not pass a component, new say, and go somewhere: the service's route leads elsewhere; or callers, where
 * there is none, have the predictor's address, which stays the published one until the component answers.
 */
export function passedBy(role: ComponentRole, way: Pick<WayIn, 'service' | 'children' | 'pods'>): boolean {
  const { service, children } = way;
  const name = stableName(service, role);
  const backends = children.filter((c) => c.metadata.name === service.metadata.name).flatMap(routeBackends);
  if (backends.length > 0) return !backends.includes(name);
  return publishedName(service.status) === stableName(service, 'predictor') && !workloads(service, role, children).some((workload) => answers(workload, role, way));
}

/** The stable version's workloads of a component, of whichever mode is there. */
function workloads(service: InferenceService, role: ComponentRole, children: readonly KubeObject[]): readonly KubeObject[] {
  const own = stableName(service, role);
  return children.filter((c) => isLiveWorkload(c) && c.metadata.name === own && (c.metadata.labels?.[LABEL.component] ?? role) === role);
}

/** The same as the last valid spec left them, which may have had another name for them. */
export function leftWorkloads({ metadata: { name }, status }: InferenceService, role: ComponentRole, children: readonly KubeObject[]): readonly KubeObject[] {
  const canaries = status?.canaryStatuses?.map((c) => componentName(name, role, c.name)) ?? [];
  return children.filter((c) => isLiveWorkload(c) && !canaries.includes(c.metadata.name) && roleOf(c) === role);
}

function inRole(of: readonly KubeObject[], role: ComponentRole): readonly KubeObject[] {
  return of.filter((child) => roleOf(child) === role);
}

function isLiveWorkload(child: KubeObject): boolean {
  return !child.metadata.deletionTimestamp && isWorkload(child);
}

function answers(workload: KubeObject, role: ComponentRole, { service, children, pods }: Pick<WayIn, 'service' | 'children' | 'pods'>): boolean {
  if (workload.kind === 'Deployment') {
    const address = serviceNamed(workload.metadata.name, children);
    return availableReplicas(workload) > 0 && address !== undefined && leadsTo(address, workload);
  }
  return doesAnswer(knativeAnswer(workload, pods, wasRouted(service.status, role, workload)));
}
