import {
  objectKey, problemLine, type ComponentStatus, type ErrorCode, type InferenceService, type InferenceServiceStatus, type KubeObject, type ModelStatus, type Problem,
} from '../api';
import type { RenderResult } from '../render';
import { finding, finishConditions, type Finding } from './conditions';
import { knativeComponent, knativeFindings } from './knative-findings';
import { modelStatus } from './model-status';
import { newestPod, podFailure, type PodFailure } from './pod-failure';
import { deploymentFinding, routesFinding } from './raw-findings';
import { withRefusal, type ChildRefusal } from './refusals';

export interface StatusInput {
  readonly service: InferenceService;
  /** What `render` said of the same resource. */
  readonly rendered: RenderResult;
  /** The children as they live in the cluster, in any order; others are ignored. */
  readonly children: readonly KubeObject[];
  /** The pods of the predictor. */
  readonly pods: readonly KubeObject[];
  /** Children that could not be written. */
  readonly refused?: readonly ChildRefusal[];
  /** Time of this look, RFC 3339; used for conditions that change. */
  readonly now: string;
}

/**
 * The status of a service, from what its children say. Pure: the same observation gives the same status, so that a
 * controller which starts again has nothing to write.
 */
export function computeStatus(input: StatusInput): InferenceServiceStatus {
  const { service, rendered, now } = input;
  const previous = service.status ?? {};
  const shared = {
    ...(service.metadata.generation === undefined ? {} : { observedGeneration: service.metadata.generation }),
    deploymentMode: rendered.mode,
    ...runtimeNames(rendered),
  };
  const errors = rendered.problems.filter((p) => p.severity === 'error');
  const observed = errors.length > 0 ? invalid(errors, previous) : observe(input);
  const conditions = finishConditions([...observed.findings, finding('Stopped', 'False')], previous.conditions ?? [], now);
  return { ...shared, conditions, ...observed.fields };
}

interface Observation {
  readonly findings: readonly Finding[];
  readonly fields: Pick<InferenceServiceStatus, 'url' | 'address' | 'components' | 'modelStatus'>;
}

function observe(input: StatusInput): Observation {
  const { service, rendered, pods } = input;
  const live = liveLookup(input.children);
  const failure = podFailure(newestPod(pods));
  const knative = rendered.mode === 'Knative';
  const workloadKind = knative ? 'Service' : 'Deployment';
  const workload = rendered.children.find((c) => c.kind === workloadKind && (knative ? c.apiVersion.startsWith('serving.knative.dev/') : true));
  const liveWorkload = workload && live(workload);
  const findings = (knative ? knativeFindings(liveWorkload) : rawFindings(rendered, liveWorkload, live)).map((f) => withRefusal(withCause(f, failure), input.refused ?? []));
  const ready = findings.some((f) => f.type === 'PredictorReady' && f.status === 'True');
  const model = modelStatus(ready, pods, failure);
  return { findings, fields: { ...addresses(rendered, ready, service), components: { predictor: component(input, liveWorkload, ready) }, modelStatus: model } };
}

function rawFindings(rendered: RenderResult, deployment: KubeObject | undefined, live: (wanted: KubeObject) => KubeObject | undefined): readonly Finding[] {
  const routes = rendered.children.filter((c) => c.kind === 'HTTPRoute');
  return [deploymentFinding('PredictorReady', deployment), routesFinding(routes, live)];
}

/** "Deployment does not have minimum availability" helps nobody; the pod knows why. */
function withCause(condition: Finding, failure: PodFailure | undefined): Finding {
  if (!failure || condition.status === 'True' || condition.type !== 'PredictorReady') return condition;
  return { ...condition, status: 'False', reason: failure.reason, message: failure.message };
}

function component(input: StatusInput, workload: KubeObject | undefined, ready: boolean): ComponentStatus {
  const previous = input.service.status?.components?.['predictor'] ?? {};
  if (input.rendered.mode === 'Knative') return knativeComponent(workload, previous);
  const url = input.rendered.endpoints?.components['predictor']?.url;
  return ready && url ? { url } : {};
}

/** Addresses appear once something answers behind them, and stay while the service lives. */
function addresses(rendered: RenderResult, ready: boolean, service: InferenceService): Pick<InferenceServiceStatus, 'url' | 'address'> {
  const { endpoints } = rendered;
  if (!endpoints || !(ready || service.status?.url !== undefined || service.status?.address !== undefined)) return {};
  return { ...(endpoints.url ? { url: endpoints.url } : {}), address: { url: endpoints.address } };
}

/** KServe's words for what is wrong with a spec. */
const FAILURE_REASONS: Partial<Record<ErrorCode, string>> = {
  ISVC_RENDER_NO_RUNTIME: 'NoSupportingRuntime',
  ISVC_RENDER_RUNTIME_NOT_FOUND: 'RuntimeNotRecognized',
  ISVC_RENDER_RUNTIME_DISABLED: 'RuntimeDisabled',
  ISVC_RENDER_RUNTIME_UNSUITABLE: 'NoSupportingRuntime',
  ISVC_RENDER_MISSING_API: 'MissingApi',
};

/** Children of the last valid spec are left alone, so what they answer on stays on record. */
function invalid(errors: readonly Problem[], previous: InferenceServiceStatus): Observation {
  const reason = FAILURE_REASONS[errors[0]?.code ?? 'ISVC_API_INVALID_VALUE'] ?? 'InvalidPredictorSpec';
  const message = errors.map(problemLine).join('; ');
  const model: ModelStatus = { transitionStatus: 'InvalidSpec', states: { activeModelState: '', targetModelState: 'FailedToLoad' }, lastFailureInfo: { reason, message } };
  return {
    findings: [finding('PredictorReady', 'False', reason, message), finding('IngressReady', 'Unknown', reason, 'waits for a valid spec')],
    fields: {
      ...(previous.url ? { url: previous.url } : {}),
      ...(previous.address ? { address: previous.address } : {}),
      components: previous.components ?? {},
      modelStatus: model,
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
