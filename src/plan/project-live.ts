import type { KubeObject } from '../api';
import { findByKeys, keysOf } from '../api/k8s/list-keys';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A live object cut down to what the wanted one speaks of. What the server filled in and what other managers added
 * (an autoscaler's replicas, an injected sidecar) is not a difference.
 */
export function projectLive(live: KubeObject, wanted: KubeObject): KubeObject {
  return project(live, wanted) as KubeObject;
}

function project(live: unknown, wanted: unknown, field = ''): unknown {
  if (isFields(live) && isFields(wanted)) {
    return Object.fromEntries(Object.keys(wanted).filter((k) => live[k] !== undefined).map((k) => [k, project(live[k], wanted[k], k)]));
  }
  if (Array.isArray(live) && Array.isArray(wanted)) {
    const keys = keysOf(field, wanted);
    if (!keys) return live.map((element: unknown, i) => (i < wanted.length ? project(element, wanted[i]) : element));
    return (wanted as readonly Fields[]).flatMap((element) => {
      const found = findByKeys(keys, element, live);
      return found === undefined ? [] : [project(found, element)];
    });
  }
  return live;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
