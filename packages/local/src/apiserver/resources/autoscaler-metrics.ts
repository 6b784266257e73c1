import type { JsonObject } from 'cdk8s-kserve/api';
import { objectAt, stringAt, valueAt, without, type MutableJson } from '../json';

/** What is aimed at (in a spec) and what is (in a status) are spelled alike but for this word. */
export type Word = 'target' | 'current';

/** What stands for the value of an Object that is held at an average: v1 wants one. */
const UNUSED = '0';

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

/** A metric, or what it is now, of v2 in the words of v1. */
export function metricOfV1(metric: unknown, word: Word): unknown {
  const spelling = SPELLINGS[stringAt(metric, 'type') ?? ''];
  if (!spelling) return metric;
  const [field, names] = spelling;
  const values = names.map(([v1, v2]) => [v1.replace('#', word), valueAt(metric, field, ...v2.replace('#', word).split('.'))]);
  const written = Object.fromEntries(values.filter(([, value]) => value !== undefined)) as JsonObject;
  return { type: stringAt(metric, 'type'), [field]: field === 'object' ? { [`${word}Value`]: UNUSED, ...written } : written };
}

/** The inverse. */
export function metricOfV2(metric: unknown, word: Word): unknown {
  const spelling = SPELLINGS[stringAt(metric, 'type') ?? ''];
  if (!spelling) return metric;
  const [field, names] = spelling;
  const source: MutableJson = {};
  for (const [v1, v2] of names) {
    const value = valueAt(metric, field, v1.replace('#', word));
    const [outer = '', inner] = v2.replace('#', word).split('.');
    if (value !== undefined) source[outer] = inner === undefined ? value : { ...objectAt(source, outer), [inner]: value };
  }
  const amounts = objectAt(source, word) ?? {};
  const used = field === 'object' && amounts['averageValue'] !== undefined ? without(amounts, 'value') : amounts;
  source[word] = word === 'target' ? { type: targetType(used), ...used } : used;
  return { type: stringAt(metric, 'type'), [field]: source };
}

function targetType(target: unknown): string {
  if (valueAt(target, 'averageUtilization') !== undefined) return 'Utilization';
  return valueAt(target, 'averageValue') === undefined ? 'Value' : 'AverageValue';
}
