import { fieldSchema, isJsonObject, type StructuralSchema } from 'cdk8s-kserve/api';

/** How a list merges: as one value, as a set of scalars, or entry by entry under its keys. */
export type ListType =
  | { readonly type: 'atomic' }
  | { readonly type: 'set' }
  | { readonly type: 'map'; readonly keys: readonly string[] };

/** Lists are atomic unless their schema says otherwise. */
export function listTypeOf(schema: StructuralSchema | undefined): ListType {
  const type = schema?.['x-kubernetes-list-type'];
  const keys = schema?.['x-kubernetes-list-map-keys'] ?? [];
  if (type === 'map' && keys.length > 0) return { type, keys };
  return { type: type === 'set' ? 'set' : 'atomic' };
}

/** Mappings merge field by field unless their schema makes them one value. */
export function isAtomicMap(schema: StructuralSchema | undefined): boolean {
  return schema?.['x-kubernetes-map-type'] === 'atomic';
}

/** The schema of a field, or undefined where nothing is said about it. */
export function schemaOfField(schema: StructuralSchema | undefined, name: string): StructuralSchema | undefined {
  return schema ? fieldSchema(schema, name) ?? undefined : undefined;
}

/** Whether the schema declares the field by name, in contrast to a key of a free-form mapping. */
export function isDeclaredField(schema: StructuralSchema | undefined, name: string): boolean {
  return schema?.properties !== undefined && Object.hasOwn(schema.properties, name);
}

/**
 * The FieldsV1 path element of an entry of a merging list, or undefined when the entry lacks its keys.
 * A key that the schema defaults counts as set, because stored objects have it: `protocol` of a port is `TCP`.
 */
export function elementOf(list: ListType, schema: StructuralSchema | undefined, item: unknown): string | undefined {
  if (list.type === 'set') return `v:${JSON.stringify(item)}`;
  if (list.type !== 'map' || !isJsonObject(item)) return undefined;
  const pairs: [string, unknown][] = [];
  for (const key of [...list.keys].sort()) {
    const value = item[key] ?? schema?.items?.properties?.[key]?.default;
    if (value !== undefined && value !== null) pairs.push([key, value]);
  }
  return pairs.length > 0 ? `k:${JSON.stringify(Object.fromEntries(pairs))}` : undefined;
}

/** Entries by path element, in list order; of two entries under one element the last one stands. */
export function entriesOf(list: ListType, schema: StructuralSchema | undefined, items: unknown): Map<string, unknown> {
  const entries = new Map<string, unknown>();
  for (const item of Array.isArray(items) ? items : []) {
    const element = elementOf(list, schema, item);
    if (element !== undefined) entries.set(element, item);
  }
  return entries;
}
