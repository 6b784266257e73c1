import { isJsonObject, jsonEqual, type StructuralSchema } from 'cdk8s-kserve/api';
import { EMPTY, type FieldSet, LEAF, node, union } from './field-set';
import { entriesOf, isAtomicMap, listTypeOf, schemaOfField } from './list-type';

/** In which fields two states of an object differ. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

const SAME: Comparison = { added: EMPTY, modified: EMPTY, removed: EMPTY };

/** Compares two states field by field, down to what merges as one value. */
export function compare(schema: StructuralSchema | undefined, before: unknown, after: unknown): Comparison {
  if (before === undefined) return after === undefined ? SAME : { ...SAME, added: everyFieldOf(schema, after) };
  if (after === undefined) return { ...SAME, removed: everyFieldOf(schema, before) };
  const children = childrenOf(schema, before);
  const others = childrenOf(schema, after);
  if (!children || !others) return jsonEqual(before, after) ? SAME : { ...SAME, modified: LEAF };
  const parts = [...new Set([...children.keys(), ...others.keys()])].map((key) => {
    const [old, now] = [children.get(key), others.get(key)];
    return [key, compare(old?.schema ?? now?.schema, old?.value, now?.value)] as const;
  });
  const collect = (which: keyof Comparison): FieldSet => node(false, parts.map(([key, part]) => [key, part[which]] as const));
  return { added: collect('added'), modified: collect('modified'), removed: collect('removed') };
}

/** All that changed in any way. */
export function changesOf(comparison: Comparison): FieldSet {
  return union(union(comparison.added, comparison.modified), comparison.removed);
}

/** Every path of a value, mappings and list entries included: what is added with it, and removed with it. */
function everyFieldOf(schema: StructuralSchema | undefined, value: unknown): FieldSet {
  const children = childrenOf(schema, value);
  return children ? node(true, [...children].map(([key, child]) => [key, everyFieldOf(child.schema, child.value)] as const)) : LEAF;
}

interface Child {
  readonly schema: StructuralSchema | undefined;
  readonly value: unknown;
}

/** The parts that merge on their own, by path element; undefined for what merges as one value. */
function childrenOf(schema: StructuralSchema | undefined, value: unknown): Map<string, Child> | undefined {
  if (isJsonObject(value) && !isAtomicMap(schema)) {
    return new Map(Object.entries(value).map(([name, child]) => [`f:${name}`, { schema: schemaOfField(schema, name), value: child }]));
  }
  const list = listTypeOf(schema);
  if (!Array.isArray(value) || list.type === 'atomic') return undefined;
  return new Map([...entriesOf(list, schema, value)].map(([element, item]) => [element, { schema: schema?.items, value: item }]));
}
