import type { KubeObject } from '../../src/api';

type Json = Readonly<Record<string, unknown>>;

/** Fields that the API server fills in by itself: the same object with and without them. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  progressDeadlineSeconds: 600,
  revisionHistoryLimit: 10,
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  schedulerName: 'default-scheduler',
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  sessionAffinity: 'None',
  protocol: 'TCP',
  scheme: 'HTTP',
};
/** Maps that mean nothing while they are empty. */
const EMPTY_MEANS_ABSENT = new Set(['behavior', 'scalingModifiers', 'securityContext', 'resources', 'limits', 'requests', 'annotations', 'labels']);
/** Fields that come with the write and not from rendering. */
const NOT_RENDERED = new Set(['ownerReferences', 'creationTimestamp', 'resourceVersion', 'uid', 'generation']);

/** An object without what the API server would add and without the bookkeeping of whoever wrote it. */
export function normalise(object: KubeObject): KubeObject {
  const { status: _status, ...rest } = object;
  return strip(rest, []) as KubeObject;
}

function strip(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => strip(item, [...path, '*']));
  if (typeof value !== 'object' || value === null) return value;
  const kept: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value as Json)) {
    if (item === undefined || DEFAULTS[key] === item) continue;
    if (path.at(-1) === 'metadata' && NOT_RENDERED.has(key)) continue;
    // KServe names its pod templates; names of templates are ignored by the API server.
    if (path.at(-2) === 'template' && path.at(-1) === 'metadata' && (key === 'name' || key === 'namespace')) continue;
    const stripped = strip(item, [...path, key]);
    if (EMPTY_MEANS_ABSENT.has(key) && isEmpty(stripped)) continue;
    kept[key] = stripped;
  }
  return kept;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
