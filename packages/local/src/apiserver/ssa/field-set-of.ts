import { isJsonObject, type StructuralSchema } from 'cdk8s-kserve/api';
import { EMPTY, LEAF, type FieldSet, node } from './field-set';
import { entriesOf, isAtomicMap, isDeclaredField, listTypeOf, schemaOfField } from './list-type';

/** The fields that a configuration sets, and therefore its manager owns. */
export function fieldSetOf(schema: StructuralSchema | undefined, value: unknown): FieldSet {
  if (isJsonObject(value) && !isAtomicMap(schema)) {
    return node(false, Object.entries(value).map(([name, child]) => {
      const set = fieldSetOf(schemaOfField(schema, name), child);
      // An empty mapping owns itself; so does each key of a free-form mapping.
      const owns = set.children.size === 0 || (schema?.additionalProperties !== undefined && !isDeclaredField(schema, name));
      return [`f:${name}`, { member: owns, children: set.children }] as const;
    }));
  }
  if (Array.isArray(value)) {
    const list = listTypeOf(schema);
    if (list.type === 'atomic') return LEAF;
    const entries = [...entriesOf(list, schema, value)];
    return entries.length === 0 ? LEAF : node(false, entries.map(([element, item]) => [element, { ...fieldSetOf(schema?.items, item), member: true }] as const));
  }
  return value === undefined ? EMPTY : LEAF;
}
