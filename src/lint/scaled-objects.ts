import { KEDA_API, type KubeObject } from '../api';
import { stableName } from '../render';
import type { LintContext } from './context';
import type { LintObject } from './lint-object';
import { metricsOf } from './promql';
import { listAt, mapAt, numberAt, textAt } from './read';
import type { ComponentView, ServiceView } from './service-view';

/** A KEDA ScaledObject of a model server: one that render makes for a component, or one that stands in the folder. */
export interface ScaledObjectView {
  readonly on: LintObject;
  /** Where the least number of replicas is said, or would be. */
  readonly minPath: string;
  readonly object: KubeObject;
  /** Whether its author wrote it, so that its every field is theirs. */
  readonly written: boolean;
  /** Whether it may go down to no replicas. */
  readonly toZero: boolean;
  readonly triggers: readonly TriggerView[];
}

export interface TriggerView {
  readonly path: string;
  readonly queryPath: string;
  readonly type: string;
  readonly query: string;
  /** KEDA divides its value by the replicas. */
  readonly perReplica: boolean;
  /** Everything that it reads comes from the pods that it scales. */
  readonly ofThePods: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Series of model servers, of their containers and of their GPUs: without a pod there are none. */
const OF_PODS = /^(vllm:|tgi_|nv_inference_|nv_gpu_|DCGM_FI_|request_(predict|preprocess|postprocess|explain)_|isvc_|container_|process_)/;

export function scaledObjects({ services, objects }: LintContext): readonly ScaledObjectView[] {
  const rendered = services.flatMap((service) => service.components.flatMap((component) => renderedFor(service, component)));
  const targets = new Map(services.flatMap((s) => s.components.map(({ role }) => [`${s.on.namespace}/${stableName(s.service, role)}`, s] as const)));
  const written = objects.filter((o) => o.usable && isScaledObject(o.object)).flatMap((on) => {
    const target = textAt(on.object, 'spec', 'scaleTargetRef', 'name') ?? '';
    return targets.has(`${on.namespace}/${target}`) ? [viewOf(on, on.object, target)] : [];
  });
  return [...rendered, ...written];
}

function isScaledObject({ apiVersion, kind }: KubeObject): boolean {
  return kind === 'ScaledObject' && apiVersion === KEDA_API;
}

function renderedFor({ on, service, result }: ServiceView, { role, path, extension }: ComponentView): readonly ScaledObjectView[] {
  const name = stableName(service, role);
  const object = result.children.find((child) => isScaledObject(child) && child.metadata.name === name);
  if (!object) return [];
  const metrics = extension.autoScaling?.metrics ?? [];
  const triggers = listAt(object, 'spec', 'triggers').map((trigger, i) => {
    const at = metrics[i] ? `${path}.autoScaling.metrics[${i}]` : extension.scaleMetric ? `${path}.scaleMetric` : path;
    const source = metrics[i]?.podmetric ? 'podmetric' : 'external';
    return triggerOf(trigger, name, at, metrics[i] ? `${at}.${source}.metric.query` : at);
  });
  return [{ on, minPath: `${path}.minReplicas`, object, written: false, toZero: extension.minReplicas === 0, triggers }];
}

function viewOf(on: LintObject, object: KubeObject, target: string): ScaledObjectView {
  const min = numberAt(object, 'spec', 'minReplicaCount');
  const toZero = (min ?? 0) === 0 || numberAt(object, 'spec', 'idleReplicaCount') === 0;
  const triggers = listAt(object, 'spec', 'triggers').map((trigger, i) => triggerOf(trigger, target, `spec.triggers[${i}]`, `spec.triggers[${i}].metadata.query`));
  return { on, minPath: min === undefined ? 'spec' : 'spec.minReplicaCount', object, written: true, toZero, triggers };
}

function triggerOf(trigger: unknown, workload: string, path: string, queryPath: string): TriggerView {
  const type = textAt(trigger, 'type') ?? '';
  const metadata = mapAt(trigger, 'metadata');
  const query = textAt(metadata, 'query') ?? textAt(metadata, 'metricQuery') ?? '';
  const perReplica = (textAt(trigger, 'metricType') ?? 'AverageValue') === 'AverageValue';
  return { path, queryPath, type, query, perReplica, metadata, ofThePods: type === 'cpu' || type === 'memory' || readsPods(query, workload) };
}

function readsPods(query: string, workload: string): boolean {
  const metrics = metricsOf(query);
  return metrics.length > 0 && metrics.every(({ name, labels }) => OF_PODS.test(name) || selectsPods(labels, workload));
}

/** `pod=~"iris-predictor-.*"` and its like. */
function selectsPods(labels: string, workload: string): boolean {
  return [...labels.matchAll(/\b(?:exported_)?(?:pod|pod_name|deployment)\s*=~?\s*"([^"]*)"/g)].some(([, value = '']) => value.startsWith(workload));
}
