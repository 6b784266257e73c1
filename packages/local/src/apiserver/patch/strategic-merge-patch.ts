import { isJsonObject, type JsonObject, jsonEqual, type StructuralSchema } from 'cdk8s-kserve/api';
import { listTypeOf, schemaOfField } from '../ssa/list-type';
import { badRequest } from '../status-error';

const DIRECTIVES = ['$patch', '$retainKeys'];

/**
 * Applies a strategic merge patch: like a JSON merge patch, but lists with a merge key merge entry by entry.
 * The merge key is the first key of the list's type; `$patch: delete|replace`, `$retainKeys`,
 * `$deleteFromPrimitiveList/x` and `$setElementOrder/x` are understood.
 * @throws StatusError 400 for an unknown directive or an entry without its merge key
 */
export function applyStrategicMergePatch(schema: StructuralSchema | undefined, target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  const directive = patch['$patch'];
  if (directive === 'replace') return without(patch);
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') throw badRequest(`unknown patch type found: ${JSON.stringify(directive)}`);
  const result = new Map(isJsonObject(target) ? Object.entries(target) : []);
  retainKeys(result, patch);
  for (const [name, value] of Object.entries(patch)) {
    if (DIRECTIVES.includes(name)) continue;
    const [instruction, field] = name.startsWith('$') ? name.split('/') : [undefined, name];
    if (field === undefined) throw badRequest(`unknown directive ${JSON.stringify(name)}`);
    if (instruction === '$deleteFromPrimitiveList') result.set(field, removeMembers(result.get(field), value));
    else if (instruction === '$setElementOrder') continue;
    else if (instruction !== undefined) throw badRequest(`unknown directive ${JSON.stringify(name)}`);
    else if (value === null) result.delete(name);
    else result.set(name, mergeField(schemaOfField(schema, name), result.get(name), value));
  }
  for (const [name, order] of Object.entries(patch)) {
    if (name.startsWith('$setElementOrder/')) reorder(result, name.slice('$setElementOrder/'.length), order, schema);
  }
  return Object.fromEntries(result);
}

function mergeField(schema: StructuralSchema | undefined, old: unknown, change: unknown): unknown {
  if (!Array.isArray(change)) return applyStrategicMergePatch(schema, old, change);
  const list = listTypeOf(schema);
  const current = Array.isArray(old) ? old : [];
  if (list.type === 'set') return [...current, ...change.filter((item) => !current.some((existing) => jsonEqual(existing, item)))];
  if (list.type === 'atomic') return change;
  return mergeEntries(schema, list.keys[0] ?? 'name', current, change);
}

function mergeEntries(schema: StructuralSchema | undefined, key: string, current: readonly unknown[], change: readonly unknown[]): unknown[] {
  if (change.some((entry) => isJsonObject(entry) && entry['$patch'] === 'replace')) {
    return change.filter((entry) => !(isJsonObject(entry) && entry['$patch'] === 'replace' && Object.keys(entry).length === 1)).map((entry) => (isJsonObject(entry) ? without(entry) : entry));
  }
  const result = [...current];
  for (const entry of change) {
    if (!isJsonObject(entry) || entry[key] === undefined) throw badRequest(`map: ${JSON.stringify(entry)} does not contain declared merge key: ${key}`);
    const at = result.findIndex((item) => isJsonObject(item) && jsonEqual(item[key], entry[key]));
    if (entry['$patch'] === 'delete') {
      if (at >= 0) result.splice(at, 1);
    } else if (at >= 0) result[at] = applyStrategicMergePatch(schema?.items, result[at], entry);
    else result.push(applyStrategicMergePatch(schema?.items, {}, entry));
  }
  return result;
}

function retainKeys(result: Map<string, unknown>, patch: JsonObject): void {
  const retained = patch['$retainKeys'];
  if (!Array.isArray(retained)) return;
  for (const name of result.keys()) if (!retained.includes(name)) result.delete(name);
}

function removeMembers(old: unknown, members: unknown): unknown {
  const gone = Array.isArray(members) ? members : [];
  return Array.isArray(old) ? old.filter((item) => !gone.some((member) => jsonEqual(member, item))) : [];
}

/** Entries that the order names come in that order; the others keep their places after the entry they followed. */
function reorder(result: Map<string, unknown>, field: string, order: unknown, schema: StructuralSchema | undefined): void {
  const items = result.get(field);
  if (!Array.isArray(items) || !Array.isArray(order)) return;
  const list = listTypeOf(schemaOfField(schema, field));
  const key = list.type === 'map' ? list.keys[0] : undefined;
  const identity = (item: unknown): string => JSON.stringify(key && isJsonObject(item) ? item[key] : item);
  const rank = new Map(order.map((item, i) => [identity(item), i]));
  let last = -1;
  const ranked = items.map((item, position) => {
    last = rank.get(identity(item)) ?? last;
    return { item, last, position };
  });
  result.set(field, ranked.sort((a, b) => a.last - b.last || a.position - b.position).map((r) => r.item));
}

function without(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([name]) => !name.startsWith('$')));
}
