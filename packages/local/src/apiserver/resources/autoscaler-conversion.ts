import { isJsonObject, type KubeObject } from 'cdk8s-kserve/api';
import { arrayAt, numberAt, objectAt, stringAt, without } from '../json';
import { metricOfV1, metricOfV2, type Word } from './autoscaler-metrics';

/** Where autoscaling/v1 carries what it has no fields for, as in Kubernetes. */
const ANNOTATION = {
  metrics: 'autoscaling.alpha.kubernetes.io/metrics',
  behavior: 'autoscaling.alpha.kubernetes.io/behavior',
  currentMetrics: 'autoscaling.alpha.kubernetes.io/current-metrics',
  conditions: 'autoscaling.alpha.kubernetes.io/conditions',
} as const;

/** An autoscaler of v2 in the words of v1, which knows one metric: the share of the requested CPU. */
export function toAutoscalingV1(hpa: KubeObject): KubeObject {
  const [spec, status] = [objectAt(hpa, 'spec'), objectAt(hpa, 'status')];
  const share = arrayAt(spec, 'metrics').find((metric) => cpuShare(metric, 'target') !== undefined);
  const current = arrayAt(status, 'currentMetrics').map((metric) => cpuShare(metric, 'current')).find((percent) => percent !== undefined);
  const carried = {
    [ANNOTATION.metrics]: filled(arrayAt(spec, 'metrics').filter((metric) => metric !== share).map((metric) => metricOfV1(metric, 'target'))),
    [ANNOTATION.behavior]: withInitials(objectAt(spec, 'behavior'), (initial) => initial.toUpperCase()),
    [ANNOTATION.currentMetrics]: filled(arrayAt(status, 'currentMetrics').map((metric) => metricOfV1(metric, 'current'))),
    [ANNOTATION.conditions]: filled(arrayAt(status, 'conditions')),
  };
  const annotations = Object.entries(carried).filter(([, value]) => value !== undefined).map(([name, value]) => [name, JSON.stringify(value)] as const);
  return {
    ...hpa,
    ...(annotations.length === 0 ? {} : { metadata: { ...hpa.metadata, annotations: { ...hpa.metadata.annotations, ...Object.fromEntries(annotations) } } }),
    ...(spec ? { spec: { ...without(spec, 'metrics', 'behavior'), ...(share ? { targetCPUUtilizationPercentage: cpuShare(share, 'target') } : {}) } } : {}),
    ...(status ? { status: { ...without(status, 'currentMetrics', 'conditions'), ...(current === undefined ? {} : { currentCPUUtilizationPercentage: current }) } } : {}),
  };
}

/** The inverse. An annotation that holds no such thing is dropped. */
export function toAutoscalingV2(hpa: KubeObject): KubeObject {
  const [spec, status] = [objectAt(hpa, 'spec'), objectAt(hpa, 'status')];
  const { annotations, ...metadata } = hpa.metadata;
  const carried = (name: string): unknown => parsed(annotations?.[name]);
  const percent = numberAt(spec, 'targetCPUUtilizationPercentage');
  const metrics = [
    ...arrayAt(carried(ANNOTATION.metrics)).map((metric) => metricOfV2(metric, 'target')),
    ...(percent === undefined ? [] : [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } } }]),
  ];
  const [behavior, currentMetrics, conditions] = [withInitials(carried(ANNOTATION.behavior), (initial) => initial.toLowerCase()), arrayAt(carried(ANNOTATION.currentMetrics)), arrayAt(carried(ANNOTATION.conditions))];
  const own = without(annotations ?? {}, ...Object.values(ANNOTATION));
  return {
    ...hpa,
    metadata: { ...metadata, ...(Object.keys(own).length === 0 ? {} : { annotations: own }) },
    ...(spec ? { spec: { ...without(spec, 'targetCPUUtilizationPercentage'), ...(metrics.length === 0 ? {} : { metrics }), ...(isJsonObject(behavior) ? { behavior } : {}) } } : {}),
    ...(status ? { status: {
      ...without(status, 'currentCPUUtilizationPercentage'),
      ...(currentMetrics.length === 0 ? {} : { currentMetrics: currentMetrics.map((metric) => metricOfV2(metric, 'current')) }),
      ...(conditions.length === 0 ? {} : { conditions }),
    } } : {}),
  };
}

/** The per cent of a metric about the share of the requested CPU; undefined for any other metric. */
function cpuShare(metric: unknown, word: Word): number | undefined {
  return stringAt(metric, 'resource', 'name') === 'cpu' ? numberAt(metric, 'resource', word, 'averageUtilization') : undefined;
}

/** Behavior is carried with the names of Go's fields, which begin with a capital; what is not set is null there. */
function withInitials(value: unknown, change: (initial: string) => string): unknown {
  if (Array.isArray(value)) return value.map((entry) => withInitials(entry, change));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null).map(([name, inner]) => [change(name.charAt(0)) + name.slice(1), withInitials(inner, change)]));
}

function filled(entries: readonly unknown[]): readonly unknown[] | undefined {
  return entries.length === 0 ? undefined : entries;
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
