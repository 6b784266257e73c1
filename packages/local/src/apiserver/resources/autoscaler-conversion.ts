import { isJsonObject, type JsonObject, type KubeObject } from 'cdk8s-kserve/api';
import { arrayAt, numberAt, objectAt, stringAt, valueAt, without, type MutableJson } from '../json';

/** Where autoscaling/v1 carries what it has no fields for, as in Kubernetes. */
const ANNOTATION = {
  metrics: 'autoscaling.alpha.kubernetes.io/metrics',
  behavior: 'autoscaling.alpha.kubernetes.io/behavior',
  currentMetrics: 'autoscaling.alpha.kubernetes.io/current-metrics',
  conditions: 'autoscaling.alpha.kubernetes.io/conditions',
} as const;

/** What is aimed at (in a spec) and what is (in a status) are spelled alike but for this word. */
type Word = 'target' | 'current';

const METRIC_NAME = ['metricName', 'metric.name'] as const;
const AVERAGE = ['#AverageValue', '#.averageValue'] as const;
const RESOURCE = [['name', 'name'], ['container', 'container'], ['#AverageUtilization', '#.averageUtilization'], AVERAGE] as const;
/** By a metric's type: its field, and what stands in there in v1 and in v2, with `#` for the word. */
const SPELLINGS: Readonly<Record<string, readonly [string, readonly (readonly [string, string])[]]>> = {
  Resource: ['resource', RESOURCE],
  ContainerResource: ['containerResource', RESOURCE],
  Pods: ['pods', [METRIC_NAME, ['selector', 'metric.selector'], AVERAGE]],
  Object: ['object', [['target', 'describedObject'], METRIC_NAME, ['selector', 'metric.selector'], ['#Value', '#.value'], ['averageValue', '#.averageValue']]],
  External: ['external', [METRIC_NAME, ['metricSelector', 'metric.selector'], ['#Value', '#.value'], AVERAGE]],
};

/** An autoscaler of v2 in the words of v1, which knows one metric: the share of the requested CPU. */
export function toAutoscalingV1(hpa: KubeObject): KubeObject {
  const [spec, status] = [objectAt(hpa, 'spec'), objectAt(hpa, 'status')];
  const share = arrayAt(spec, 'metrics').find((metric) => cpuShare(metric, 'target') !== undefined);
  const current = arrayAt(status, 'currentMetrics').map((metric) => cpuShare(metric, 'current')).find((percent) => percent !== undefined);
  const carried = {
    [ANNOTATION.metrics]: filled(arrayAt(spec, 'metrics').filter((metric) => metric !== share).map((metric) => metricOfV1(metric, 'target'))),
    [ANNOTATION.behavior]: objectAt(spec, 'behavior'),
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
    ...list(carried(ANNOTATION.metrics)).map((metric) => metricOfV2(metric, 'target')),
    ...(percent === undefined ? [] : [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } } }]),
  ];
  const [behavior, currentMetrics, conditions] = [carried(ANNOTATION.behavior), list(carried(ANNOTATION.currentMetrics)), list(carried(ANNOTATION.conditions))];
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

function metricOfV1(metric: unknown, word: Word): unknown {
  const spelling = SPELLINGS[stringAt(metric, 'type') ?? ''];
  if (!spelling) return metric;
  const [field, names] = spelling;
  const values = names.map(([v1, v2]) => [v1.replace('#', word), valueAt(metric, field, ...v2.replace('#', word).split('.'))]);
  return { type: stringAt(metric, 'type'), [field]: Object.fromEntries(values.filter(([, value]) => value !== undefined)) as JsonObject };
}

function metricOfV2(metric: unknown, word: Word): unknown {
  const spelling = SPELLINGS[stringAt(metric, 'type') ?? ''];
  if (!spelling) return metric;
  const [field, names] = spelling;
  const source: MutableJson = {};
  for (const [v1, v2] of names) {
    const value = valueAt(metric, field, v1.replace('#', word));
    const [outer = '', inner] = v2.replace('#', word).split('.');
    if (value !== undefined) source[outer] = inner === undefined ? value : { ...objectAt(source, outer), [inner]: value };
  }
  if (word === 'target') source[word] = { type: targetType(source[word]), ...objectAt(source, word) };
  return { type: stringAt(metric, 'type'), [field]: source };
}

function targetType(target: unknown): string {
  if (valueAt(target, 'averageUtilization') !== undefined) return 'Utilization';
  return valueAt(target, 'averageValue') === undefined ? 'Value' : 'AverageValue';
}

function filled(entries: readonly unknown[]): readonly unknown[] | undefined {
  return entries.length === 0 ? undefined : entries;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
