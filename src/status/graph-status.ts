import {
  objectKey, problemLine, type Condition, type InferenceGraph, type InferenceGraphSpec, type InferenceGraphStatus, type InferenceService, type KubeObject,
} from '../api';
import type { RenderResult } from '../render';
import { conditionOf, finding, finishConditions, type Deciding, type Finding } from './conditions';
import { graphProgressFinding } from './graph-progress';
import { knativeWay, nodesOf, routerAnswers } from './graph-router';
import { ofKnativeService } from './knative-findings';
import { newestPod, podFailure } from './pod-failure';
import type { ChildRefusal } from './refusals';
import { routesFinding } from './route-findings';
import { isKnative, isWorkload } from './workloads';

export interface GraphStatusInput {
  readonly graph: InferenceGraph;
  /** What `renderGraph` said of the same resource. */
  readonly rendered: RenderResult;
  /** The children as they live in the cluster. */
  readonly children: readonly KubeObject[];
  /** The router's pods. */
  readonly pods: readonly KubeObject[];
  /** Services of the graph's namespace; only those its steps name are looked at. */
  readonly services: readonly InferenceService[];
  /** Gateways of the cluster; undefined when nobody may look. */
  readonly gateways?: readonly KubeObject[] | undefined;
  readonly refused?: readonly ChildRefusal[];
  /** Routers of the mode that the graph is leaving, while they answer in place of the rendered one. @default - none */
  readonly serving?: readonly KubeObject[];
  /** RFC 3339; used for conditions that change. */
  readonly now: string;
}

const DECIDING: Deciding = { always: ['RouterReady', 'StepsReady', 'IngressReady'], wherePresent: [] };

/**
 * The status of a graph: its router, its way in, and the services it calls. Pure, like `computeStatus`.
 *
 * KServe differs: upstream's graph is Ready although the router is unavailable (raw mode) or a service it calls is not.
 */
export function computeGraphStatus(input: GraphStatusInput): InferenceGraphStatus {
  const { graph, rendered, now } = input;
  const previous = graph.status?.conditions ?? [];
  const errors = rendered.problems.filter((p) => p.severity === 'error');
  const findings = errors.length > 0 ? invalid(errors.map(problemLine).join('; '), input) : rendered.stopped ? stopped() : observe(input);
  const conditions = finishConditions([...findings, finding('Stopped', rendered.stopped ? 'True' : 'False')], previous, now, [], DECIDING);
  const url = rendered.stopped ? undefined : addressOf(input, conditions);
  return {
    ...(graph.metadata.generation === undefined ? {} : { observedGeneration: graph.metadata.generation }),
    deploymentMode: rendered.mode,
    conditions,
    ...(url ? { url } : {}),
  };
}

/** It appears once something answers behind it, and stays through an outage and a spec that is not valid. */
function addressOf({ graph, rendered }: GraphStatusInput, conditions: readonly Condition[]): string | undefined {
  const answers = conditions.some((c) => c.type === 'RouterReady' && c.status === 'True');
  const { url = rendered.endpoints?.address } = rendered.endpoints ?? {};
  return (answers ? url : undefined) ?? graph.status?.url;
}

function observe(input: GraphStatusInput): readonly Finding[] {
  const { graph, rendered, children, gateways, refused = [], serving = [] } = input;
  const live = (wanted: KubeObject): KubeObject | undefined => children.find((c) => identity(c) === identity(wanted));
  const routes = rendered.children.filter((c) => c.kind === 'HTTPRoute');
  const refusal = (kinds: (kind: string) => boolean, type: string, other: Finding): Finding => {
    const first = refused.find(({ child }) => kinds(child.kind));
    return first ? finding(type, 'False', 'ReconcileFailed', `${first.child.kind} ${first.child.name}: ${first.message}`) : other;
  };
  const isRoute = (kind: string): boolean => kind === 'HTTPRoute';
  const router = rendered.children.filter(isWorkload).map(live)[0];
  const knative = rendered.mode === 'Knative';
  const findings = [
    refusal((kind) => !isRoute(kind), 'RouterReady', routerFinding(input, router)),
    stepsFinding(graph.spec.nodes, input),
    refusal(isRoute, 'IngressReady', knative ? knativeWay(router, input) : routesFinding(routes, live, gateways)),
    ...(knative ? [ofKnativeService(router, 'RoutesReady', 'RoutesReady'), ofKnativeService(router, 'ConfigurationsReady', 'ConfigurationsReady')] : []),
  ];
  return [...findings, graphProgressFinding({ router, refused, switching: serving.length > 0, findings })];
}

function routerFinding(input: GraphStatusInput, router: KubeObject | undefined): Finding {
  const type = 'RouterReady';
  const own = routerAnswers(router, input);
  if (own.status === 'True') return own;
  const answering = input.serving?.find((old) => routerAnswers(old, input).status === 'True');
  if (answering) return finding(type, 'True', 'SwitchingMode', `${answering.kind} ${answering.metadata.name} answers until the new router does`);
  // "Deployment does not have minimum availability" helps nobody; the pod knows why.
  const failure = podFailure(newestPod(input.pods));
  return failure ? finding(type, 'False', failure.reason, failure.message) : own;
}

/** Whether every service that a step names would answer now; which of them would not, otherwise. */
function stepsFinding(nodes: InferenceGraphSpec['nodes'], { services }: GraphStatusInput): Finding {
  const names = new Set(Object.values(nodes).flatMap((node) => node.steps ?? []).flatMap((step) => step.serviceName ?? []));
  const silent = [...names].flatMap((name) => {
    const service = services.find((s) => s.metadata.name === name);
    const ready = conditionOf(service, 'Servable') ?? conditionOf(service, 'Ready');
    return ready?.status === 'True' ? [] : [`${name} (${service ? [ready?.reason, ready?.message].filter(Boolean).join(': ') || 'not looked at yet' : 'does not exist'})`];
  });
  return silent.length === 0 ? finding('StepsReady', 'True') : finding('StepsReady', 'False', 'ServicesNotReady', `these services do not answer: ${silent.join('; ')}`);
}

/** The router of the last valid spec is left alone: the graph stays as ready as it is, with the services that it was told of. */
function invalid(message: string, input: GraphStatusInput): readonly Finding[] {
  const { children, gateways } = input;
  const reason = 'InvalidGraph';
  const progress = finding('Progressing', 'False', 'InvalidSpec', `waits for a valid spec: ${message}`);
  const router = children.filter(isWorkload).find((r) => routerAnswers(r, input).status === 'True');
  if (!router) {
    return [finding('RouterReady', 'False', reason, message), ...['StepsReady', 'IngressReady'].map((type) => finding(type, 'Unknown', reason, 'waits for a valid spec')), progress];
  }
  const way = isKnative(router) ? knativeWay(router, input) : routesFinding(children.filter((c) => c.kind === 'HTTPRoute'), (route) => route, gateways);
  return [finding('RouterReady', 'True', reason, `the last valid spec answers: ${message}`), stepsFinding(nodesOf(router), input), way, progress];
}

function stopped(): readonly Finding[] {
  return [...DECIDING.always.map((type) => finding(type, 'False', 'Stopped', 'the stop annotation is true')), finding('Progressing', 'False', 'Stopped')];
}

function identity(object: KubeObject): string {
  return `${object.apiVersion}/${object.kind}/${objectKey(object.metadata)}`;
}
