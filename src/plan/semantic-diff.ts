import { keyLabel, keysOf, findByKeys } from '../api/k8s/list-keys';
import { sameQuantity } from '../api/k8s/quantity';
import type { FieldChange } from './types';

/** Parents whose values are amounts: `1000m` and `1` mean the same there. */
const AMOUNT_PARENTS: ReadonlySet<string> = new Set(['limits', 'requests', 'capacity', 'averageValue', 'sizeLimit']);

type Fields = Readonly<Record<string, unknown>>;

/**
 * Every field in which two objects differ in meaning, in document order. Order of maps, order of lists whose elements
 * have keys, spelling of amounts, and empty versus absent do not count.
 */
export function semanticDiff(before: unknown, after: unknown): readonly FieldChange[] {
  const found: FieldChange[] = [];
  compare(before, after, [], found);
  return found;
}

function compare(before: unknown, after: unknown, path: readonly string[], found: FieldChange[]): void {
  if (isEmpty(before) && isEmpty(after)) return;
  if (isFields(before) && isFields(after)) return compareFields(before, after, path, found);
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(before, after, path, found);
  if (before === after || sameAmount(before, after, path)) return;
  found.push({ path: path.join('.'), ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) });
}

function compareFields(before: Fields, after: Fields, path: readonly string[], found: FieldChange[]): void {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    compare(before[name], after[name], [...path, /[./]/.test(name) ? `["${name}"]` : name], found);
  }
}

function compareLists(before: readonly unknown[], after: readonly unknown[], path: readonly string[], found: FieldChange[]): void {
  const field = path.at(-1) ?? '';
  const keys = keysOf(field, [...before, ...after]);
  const at = (suffix: string): readonly string[] => [...path.slice(0, -1), `${field}${suffix}`];
  if (!keys) {
    const length = Math.max(before.length, after.length);
    for (let i = 0; i < length; i++) compare(before[i], after[i], at(`[${i}]`), found);
    return;
  }
  for (const element of before as readonly Fields[]) compare(element, findByKeys(keys, element, after), at(keyLabel(keys, element)), found);
  for (const element of after as readonly Fields[]) {
    if (findByKeys(keys, element, before) === undefined) compare(undefined, element, at(keyLabel(keys, element)), found);
  }
}

function sameAmount(before: unknown, after: unknown, path: readonly string[]): boolean {
  const isAmount = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';
  return (AMOUNT_PARENTS.has(path.at(-2) ?? '') || AMOUNT_PARENTS.has(path.at(-1) ?? '')) && isAmount(before) && isAmount(after) && sameQuantity(before, after);
}

/** An empty map or list says as much as none; `emptyDir: {}` beside a name is not alone and so is not lost. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return Array.isArray(value) && value.length === 0;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
