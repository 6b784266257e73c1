import {
  COMPONENT_ROLES, LABEL, objectKey, problemLine, type ComponentRole, type ComponentStatus, type ErrorCode, type InferenceService, type InferenceServiceStatus,
  type KubeObject, type ModelStatus, type ObjectRef, type Problem,
} from '../api';
import { appLabel, type RenderResult } from '../render';
import { addresses, kept, whereItServes } from './addresses';
import { canaryFindings, canaryStatuses, mirrorFindings } from './canary-status';
import { canaryWorkloads, isSettled, rawComponentFinding, readyType, rolesOf, stuckCondition, workloadsOf } from './component-findings';
import { finding, finishConditions, type Finding } from './conditions';
import { doesAnswer, knativeAnswer, wasRouted } from './knative-answer';
import { knativeComponent, knativeFindings, type KnativeComponent } from './knative-findings';
import { modelStatus } from './model-status';
import { isReadyPod, newestPod, podFailure, type PodFailure } from './pod-failure';
import { leftWorkloads, passedBy, progressingFinding, servableFinding } from './progress';
import { deploymentFinding } from './raw-findings';
import { withRefusal, type ChildRefusal } from './refusals';
import { rawRoutesFinding, ROUTE_KINDS, routesFinding } from './route-findings';

/** The condition of a service that follows a change of something shared: a runtime, the platform's config, the controller. */
export const FOLLOWING_UPDATE = 'FollowingUpdate';

export interface StatusInput {
  readonly service: InferenceService;
  /** What `render` said of the same resource. */
  readonly rendered: RenderResult;
  /** The children as they live in the cluster, in any order; others are ignored. */
  readonly children: readonly KubeObject[];
  /** The pods of the service, of all components and versions. */
  readonly pods: readonly KubeObject[];
  /** Gateways of the cluster. @default - nobody may look, and what routes say of them has to do */
  readonly gateways?: readonly KubeObject[] | undefined;
  /** Children that could not be written. */
  readonly refused?: readonly ChildRefusal[];
  /** Workloads that are no longer wanted, while they answer in place of the rendered ones. @default - none */
  readonly serving?: readonly KubeObject[];
  /** How far the service is in following a change that is not its own. @default - there is none */
  readonly update?: UpdateProgress;
  /** Time of this look, RFC 3339; used for conditions that change. */
  readonly now: string;
}

/** `waiting` for its turn, `rolling` out, or `held` by the service's own policy. */
export interface UpdateProgress {
  readonly state: 'waiting' | 'rolling' | 'held';
  readonly message?: string;
}

/**
 * The status of a service, from what its children say. Pure: the same observation gives the same status, so that a
 * controller which starts again has nothing to write.
 */
export function computeStatus(given: StatusInput): InferenceServiceStatus {
  const input = { ...given, children: withoutLeftRoutes(given) };
  const { service, rendered, now } = input;
  const previous = service.status ?? {};
  const shared = {
    ...(service.metadata.generation === undefined ? {} : { observedGeneration: service.metadata.generation }),
    deploymentMode: rendered.mode,
    ...runtimeNames(rendered),
  };
  const errors = rendered.problems.filter((p) => p.severity === 'error');
  const observed = errors.length > 0 ? invalid(errors, input) : rendered.stopped ? stopped(input) : observe(input);
  const findings = [...observed.findings, ...progressOf(input, errors, observed.findings), ...updateFindings(input.update), finding('Stopped', rendered.stopped ? 'True' : 'False')];
  // A transformer that requests do not pass yet says how it fares; the service is as ready as without it.
  const conditions = finishConditions(findings, previous.conditions ?? [], now, passedBy('transformer', input) ? ['TransformerReady'] : []);
  return { ...shared, conditions, ...observed.fields };
}

/** Once a service is on Knative for good, routes of raw mode are on their way out and lead nobody. */
function withoutLeftRoutes({ rendered: { mode, problems }, children, serving = [] }: StatusInput): readonly KubeObject[] {
  const arrived = mode === 'Knative' && serving.length === 0 && problems.every((p) => p.severity !== 'error');
  return arrived ? children.filter((c) => c.kind === 'VirtualService' || !ROUTE_KINDS.includes(c.kind)) : children;
}

function progressOf(input: StatusInput, errors: readonly Problem[], findings: readonly Finding[]): readonly Finding[] {
  const { service, rendered, children, pods, gateways, serving = [], refused = [] } = input;
  if (rendered.stopped) return [finding('Servable', 'False', 'Stopped'), finding('Progressing', 'False', 'Stopped')];
  const servable = servableFinding({ service, children, pods, gateways, valid: errors.length === 0, serving });
  if (errors.length > 0) return [servable, finding('Progressing', 'False', 'InvalidSpec', `waits for a valid spec: ${errors.map(problemLine).join('; ')}`)];
  const failureOf = (role: ComponentRole): PodFailure | undefined => podFailure(newestPod(podsOf(input, role)));
  return [servable, progressingFinding({ service, children, findings, switching: serving.length > 0, mode: rendered.mode, refused, failureOf })];
}

/** Informs only, and is there only while there is something to follow. */
function updateFindings(update: UpdateProgress | undefined): readonly Finding[] {
  if (!update) return [];
  const reason = { waiting: 'WaitsForTurn', rolling: 'RollingOut', held: 'HeldByPolicy' }[update.state];
  return [finding(FOLLOWING_UPDATE, update.state === 'rolling' ? 'True' : 'False', reason, update.message)];
}

interface Observation {
  readonly findings: readonly Finding[];
  readonly fields: Pick<InferenceServiceStatus, 'url' | 'address' | 'components' | 'modelStatus' | 'canaryStatuses'>;
}

function observe(input: StatusInput): Observation {
  const { rendered, refused = [], serving = [] } = input;
  const previous = input.service.status ?? {};
  const live = liveLookup(input.children);
  const roles = rolesOf(rendered);
  const latest = (role: ComponentRole): readonly KubeObject[] => ofLatestRevision(podsOf(input, role), workloadsOf(rendered, role).map(live)[0]);
  const failures = new Map(roles.map((role) => [readyType(role), podFailure(newestPod(latest(role)))]));
  const typeOf = componentTypes(rendered);
  const isLive = (child: ObjectRef): boolean => live({ ...child, metadata: child }) !== undefined;
  const findings = findingsOf(input, live).map((f) => {
    const cause = withRefusal(withCause(f, failures.get(f.type)), refused, typeOf, isLive);
    return serving.length > 0 ? whileSwitching(cause, serving.filter((old) => typeOf(old.metadata) === f.type), input) : cause;
  });
  const isReady = (role: ComponentRole): boolean => findings.some((f) => f.type === readyType(role) && f.status === 'True');
  const ready = isReady('predictor');
  const predictors = workloadsOf(rendered, 'predictor').map(live);
  const canaries = canaryStatuses(input.service, rendered, live);
  return {
    findings: [...findings, ...canaryFindings(rendered, live), ...mirrorFindings(rendered)],
    fields: {
      ...(serving.length > 0 ? whereItServes(serving, ready, previous) : roles.includes('transformer') && passedBy('transformer', input) ? kept(previous) : addresses(rendered, ready, input.service)),
      components: serving.length > 0 ? (previous.components ?? {}) : Object.fromEntries(roles.map((role) => [role, component(input, role, live, isReady(role))])),
      modelStatus: modelStatus({
        ready,
        settled: refused.length === 0 && predictors.every((w) => w !== undefined && isSettled(w)),
        pods: latest('predictor'),
        answering: podsOf(input, 'predictor').some(isReadyPod),
        failure: failures.get(readyType('predictor')),
        stuck: predictors.map((w) => w && stuckCondition(w)).find((c) => c !== undefined),
      }),
      ...(canaries.length > 0 ? { canaryStatuses: canaries } : {}),
    },
  };
}

/** A service that changes its mode is as ready as what still answers; why the new one does not yet is told in its words. */
function whileSwitching(next: Finding, old: readonly KubeObject[], input: StatusInput): Finding {
  const { service, pods } = input;
  if (next.type === 'IngressReady') {
    const before = service.status?.conditions?.find((c) => c.type === next.type);
    return wayToRaw(input) ?? wayToKnative(input) ?? (before ? finding(next.type, before.status, before.reason, before.message) : next);
  }
  const answering = old.find((o) => (o.kind === 'Deployment' ? deploymentFinding('', o).status === 'True' : doesAnswer(knativeAnswer(o, pods))));
  if (!answering || next.status === 'True') return next;
  const why = [next.reason, next.message].filter(Boolean).join(': ');
  return finding(next.type, 'True', 'SwitchingMode', `${answering.kind} ${answering.metadata.name} answers until the new one does${why ? ` (${why})` : ''}`);
}

/** The way in to a raw service that is being left: its route stays until the end, and its gateway may go before. */
function wayToRaw({ service, children, gateways, serving = [] }: StatusInput): Finding | undefined {
  const route = children.find((c) => (c.kind === 'HTTPRoute' || c.kind === 'GRPCRoute') && c.metadata.name === service.metadata.name);
  return route && serving.some((old) => old.kind === 'Deployment') ? routesFinding([route], (r) => r, gateways) : undefined;
}

/** The same of a serverless service that is being left: what was said of a spec that was not valid, say, holds no longer. */
function wayToKnative({ serving = [], pods }: StatusInput): Finding | undefined {
  const all = serving.length > 0 && serving.every((old) => old.kind !== 'Deployment' && knativeAnswer(old, pods).routed);
  return all ? finding('IngressReady', 'True') : undefined;
}

type Live = (wanted: KubeObject) => KubeObject | undefined;

function findingsOf(input: StatusInput, live: Live): readonly Finding[] {
  const { service, rendered, pods, gateways } = input;
  const routes = rendered.children.filter((c) => ROUTE_KINDS.includes(c.kind));
  const roles = rolesOf(rendered);
  if (rendered.mode === 'Knative') {
    const components = roles.map((role): KnativeComponent => {
      const ksvc = workloadsOf(rendered, role).map(live)[0];
      return { role, ksvc, answer: knativeAnswer(ksvc, pods, wasRouted(service.status, role, ksvc)), passedBy: role === 'transformer' && passedBy(role, input) };
    });
    return knativeFindings(components, routesFinding(routes, live, gateways));
  }
  return [...roles.map((role) => rawComponentFinding(rendered, role, live, service.spec[role]?.minReplicas === 0)), rawRoutesFinding(routes, live, gateways)];
}

/** Pods of a component's stable version. */
function podsOf({ pods, rendered }: StatusInput, role: ComponentRole): readonly KubeObject[] {
  const canaries = new Set(canaryWorkloads(rendered).map((c) => appLabel(c.metadata.name)));
  return pods.filter(({ metadata: { labels = {} } }) => (labels[LABEL.component] ?? 'predictor') === role && !canaries.has(labels[LABEL.app] ?? ''));
}

/** Of a Knative Service's pods only those count that the latest spec made; what a revision before left behind says nothing of it. */
function ofLatestRevision(pods: readonly KubeObject[], workload: KubeObject | undefined): readonly KubeObject[] {
  const { latestCreatedRevisionName: latest } = (workload?.['status'] ?? {}) as { readonly latestCreatedRevisionName?: string };
  return latest === undefined ? pods : pods.filter(({ metadata: { labels = {} } }) => (labels[LABEL.knativeRevision] ?? latest) === latest);
}

/** By the child's name: `iris-transformer` and what belongs to it is the transformer's; the rest is the predictor's. */
function componentTypes(rendered: RenderResult): (child: Pick<ObjectRef, 'name'>) => string {
  return ({ name }) => readyType(rolesOf(rendered).find((role) => name === rendered.endpoints?.components[role]?.objectName) ?? 'predictor');
}

/** "Deployment does not have minimum availability" helps nobody; the pod knows why. */
function withCause(condition: Finding, failure: PodFailure | undefined): Finding {
  if (!failure || condition.status === 'True') return condition;
  return { ...condition, status: 'False', reason: failure.reason, message: failure.message };
}

function component(input: StatusInput, role: ComponentRole, live: Live, ready: boolean): ComponentStatus {
  const previous = input.service.status?.components?.[role] ?? {};
  if (input.rendered.mode === 'Knative') return knativeComponent(workloadsOf(input.rendered, role).map(live)[0], previous);
  const url = input.rendered.endpoints?.components[role]?.url;
  // Like the service's own address, it stays through an outage.
  return (ready || previous.url !== undefined) && url ? { url } : {};
}

/** A service that was told to stop has nothing that could be ready, and nothing is wrong with it. */
function stopped({ service }: StatusInput): Observation {
  const roles = COMPONENT_ROLES.filter((role) => role === 'predictor' || service.spec[role] !== undefined);
  const says = (type: string): Finding => finding(type, 'False', 'Stopped', 'the stop annotation is true');
  const model: ModelStatus = { transitionStatus: 'UpToDate', states: { activeModelState: '', targetModelState: '' } };
  return { findings: [...roles.map((role) => says(readyType(role))), says('IngressReady')], fields: { components: {}, modelStatus: model } };
}

/** KServe's words for what is wrong with a spec. */
const FAILURE_REASONS: Partial<Record<ErrorCode, string>> = {
  ISVC_RENDER_NO_RUNTIME: 'NoSupportingRuntime',
  ISVC_RENDER_RUNTIME_NOT_FOUND: 'RuntimeNotRecognized',
  ISVC_RENDER_RUNTIME_DISABLED: 'RuntimeDisabled',
  ISVC_RENDER_RUNTIME_UNSUITABLE: 'NoSupportingRuntime',
  ISVC_RENDER_MISSING_API: 'MissingApi',
};

/** Children of the last valid spec are left alone: the service stays as ready as they are, and what they answer on stays on record. */
function invalid(errors: readonly Problem[], { service, children, pods, gateways }: StatusInput): Observation {
  const previous = service.status ?? {};
  const reason = FAILURE_REASONS[errors[0]?.code ?? 'ISVC_API_INVALID_VALUE'] ?? 'InvalidPredictorSpec';
  const message = errors.map(problemLine).join('; ');
  const answers = servableFinding({ service, children, pods, gateways, valid: false }).status === 'True';
  const model: ModelStatus = { transitionStatus: 'InvalidSpec', states: { activeModelState: answers ? 'Loaded' : '', targetModelState: 'FailedToLoad' }, lastFailureInfo: { reason, message } };
  return {
    findings: answers
      ? [finding('PredictorReady', 'True', reason, `the last valid spec answers: ${message}`), finding('IngressReady', 'True')]
      : [finding('PredictorReady', 'False', reason, message), finding('IngressReady', 'Unknown', reason, 'waits for a valid spec')],
    fields: {
      ...whereItServes(COMPONENT_ROLES.flatMap((role) => leftWorkloads(service, role, children)), answers, previous),
      components: previous.components ?? {},
      modelStatus: model,
      ...(previous.canaryStatuses ? { canaryStatuses: previous.canaryStatuses } : {}),
    },
  };
}

function runtimeNames(rendered: RenderResult): Pick<InferenceServiceStatus, 'servingRuntimeName' | 'clusterServingRuntimeName'> {
  if (!rendered.runtime) return {};
  return rendered.runtime.kind === 'ServingRuntime' ? { servingRuntimeName: rendered.runtime.name } : { clusterServingRuntimeName: rendered.runtime.name };
}

function liveLookup(children: readonly KubeObject[]): (wanted: KubeObject) => KubeObject | undefined {
  const byKey = new Map(children.map((c) => [identity(c), c]));
  return (wanted) => byKey.get(identity(wanted));
}

function identity(object: KubeObject): string {
  return `${object.apiVersion}/${object.kind}/${objectKey(object.metadata)}`;
}
