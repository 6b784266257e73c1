import { findByKeys, isJsonObject, keyLabel, keysOf, sameQuantity, type KubeObject } from 'cdk8s-kserve/api';

/** Groups whose lists are merged by key; in a custom resource a pod's lists are replaced as a whole. */
const MERGING_GROUPS = ['v1', 'apps/v1', 'autoscaling/v2', 'batch/v1', 'policy/v1'];
/** Metadata that a writer sets; the rest belongs to the server. */
const OUR_METADATA = ['labels', 'annotations', 'ownerReferences', 'finalizers'];
/** Parents whose values are quantities, and fields that are quantities themselves. */
const QUANTITY_PARENTS = ['limits', 'requests', 'capacity'];
const QUANTITY_FIELDS = ['sizeLimit', 'divisor', 'averageValue'];
/** String maps: the server drops them when empty. An empty struct such as `emptyDir: {}` it keeps, and means something by it. */
const MAPS = ['labels', 'annotations', 'matchLabels', 'nodeSelector', 'selector', 'limits', 'requests', 'data'];

/**
 * The paths at which a live object is not what we want: everything we set must be there and mean the same, and what the
 * server or other managers added does not count. Empty when nothing needs to be written. Pure.
 *
 * The same means: quantities by amount (`1000m` is `1`), list elements by their key where Kubernetes merges by key, a
 * zero value (`""`, `0`, `false`, `[]`) like an absent one, since the server leaves out what is zero.
 */
export function findDifferences(desired: KubeObject, live: KubeObject): readonly string[] {
  const found: string[] = [];
  const exactLists = !MERGING_GROUPS.includes(desired.apiVersion);
  const compare = { exactLists, found };
  for (const [field, value] of Object.entries(desired)) {
    if (field === 'metadata') {
      for (const part of OUR_METADATA) {
        compareValue(compare, ['metadata', part], desired.metadata[part as keyof KubeObject['metadata']], live.metadata[part as keyof KubeObject['metadata']]);
      }
    } else if (field !== 'apiVersion' && field !== 'kind' && field !== 'status') {
      compareValue(compare, [field], value, live[field]);
    }
  }
  return found;
}

interface Comparison {
  readonly exactLists: boolean;
  readonly found: string[];
}

function compareValue(compare: Comparison, path: readonly string[], desired: unknown, live: unknown): void {
  const field = path.at(-1) ?? '';
  if (desired === undefined || desired === null) {
    return; // Not ours to say.
  }
  if (isZero(desired, field) && (live === undefined || live === null || isZero(live, field))) {
    return;
  }
  if (Array.isArray(desired)) {
    compareList(compare, path, desired, Array.isArray(live) ? live : []);
  } else if (isJsonObject(desired)) {
    if (!isJsonObject(live)) {
      compare.found.push(path.join('.'));
      return;
    }
    for (const [key, value] of Object.entries(desired)) {
      compareValue(compare, [...path, key], value, live[key]);
    }
  } else if (!sameScalar(path, desired, live)) {
    compare.found.push(path.join('.'));
  }
}

function compareList(compare: Comparison, path: readonly string[], desired: readonly unknown[], live: readonly unknown[]): void {
  const field = path.at(-1) ?? '';
  const keys = keysOf(field, desired);
  // Elements that others add to a merged list are theirs: an injected sidecar, say.
  const othersMayAdd = field === 'finalizers' || (keys !== undefined && (!compare.exactLists || field === 'ownerReferences'));
  if (!othersMayAdd && desired.length !== live.length) {
    compare.found.push(path.join('.'));
    return;
  }
  desired.forEach((element, index) => {
    if (field === 'finalizers') {
      if (!live.includes(element)) {
        compare.found.push(`${path.join('.')}[${String(element)}]`);
      }
    } else if (keys && isJsonObject(element)) {
      compareValue(compare, withSuffix(path, keyLabel(keys, element)), element, findByKeys(keys, element, live));
    } else {
      compareValue(compare, withSuffix(path, `[${index}]`), element, live[index]);
    }
  });
}

function withSuffix(path: readonly string[], suffix: string): readonly string[] {
  return [...path.slice(0, -1), `${path.at(-1) ?? ''}${suffix}`];
}

function sameScalar(path: readonly string[], desired: unknown, live: unknown): boolean {
  if (desired === live) {
    return true;
  }
  return isQuantityPath(path) && isAmount(desired) && isAmount(live) && sameQuantity(desired, live);
}

function isQuantityPath(path: readonly string[]): boolean {
  const field = path.at(-1) ?? '';
  const parent = path.at(-2) ?? '';
  return QUANTITY_PARENTS.includes(parent) || QUANTITY_FIELDS.includes(field) || (parent === 'target' && field === 'value');
}

function isAmount(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function isZero(value: unknown, field: string): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) {
    return true;
  }
  if (Array.isArray(value)) {
    return value.length === 0;
  }
  return isJsonObject(value) && MAPS.includes(field) && Object.keys(value).length === 0;
}
