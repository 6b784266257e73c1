import { isJsonObject, type StructuralSchema } from 'cdk8s-kserve/api';
import { elementOf, entriesOf, isAtomicMap, type ListType, listTypeOf, schemaOfField } from './list-type';

/** Lays an applied configuration over the live state: what the configuration does not name stays as it is. */
export function mergeApplied(schema: StructuralSchema | undefined, live: unknown, config: unknown): unknown {
  if (isJsonObject(live) && isJsonObject(config) && !isAtomicMap(schema)) {
    const merged = new Map(Object.entries(live));
    for (const [name, value] of Object.entries(config)) merged.set(name, mergeApplied(schemaOfField(schema, name), merged.get(name), value));
    return Object.fromEntries(merged);
  }
  const list = listTypeOf(schema);
  if (Array.isArray(live) && Array.isArray(config) && list.type !== 'atomic') return mergeLists(list, schema, live, config);
  return config;
}

/**
 * Entries of the configuration come in its order; a live entry that it does not name keeps its place behind the
 * entry it followed.
 */
function mergeLists(list: ListType, schema: StructuralSchema | undefined, live: readonly unknown[], config: readonly unknown[]): unknown[] {
  const liveEntries = entriesOf(list, schema, live);
  const applied = entriesOf(list, schema, config);
  const followers = new Map<string, unknown[]>();
  let anchor = '';
  for (const item of live) {
    const element = elementOf(list, schema, item);
    if (element !== undefined && applied.has(element)) anchor = element;
    else followers.set(anchor, [...(followers.get(anchor) ?? []), item]);
  }
  const merged = [...(followers.get('') ?? [])];
  for (const [element, item] of applied) {
    merged.push(mergeApplied(schema?.items, liveEntries.get(element), item), ...(followers.get(element) ?? []));
  }
  return merged;
}
