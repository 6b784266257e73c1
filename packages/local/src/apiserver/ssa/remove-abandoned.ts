import { isJsonObject, type StructuralSchema } from 'cdk8s-kserve/api';
import { type FieldSet, isEmpty } from './field-set';
import { elementOf, isAtomicMap, isDeclaredField, listTypeOf, schemaOfField } from './list-type';

/**
 * Takes out of a value what its manager applied before (`last`) and nobody owns any more. A field that still has an owned field
 * below it stays; a mapping or list that loses its last entry goes too, unless somebody owns it as such. A declared field of
 * which nobody owns anything any more goes with all that is below it, what the server filled in included: a probe's `httpGet` with its `scheme`.
 */
export function removeAbandoned(schema: StructuralSchema | undefined, value: unknown, last: FieldSet, owned: FieldSet | undefined): unknown {
  if (isJsonObject(value) && !isAtomicMap(schema)) {
    const kept = Object.entries(value).flatMap(([name, child]) => {
      const [lastChild, ownedChild] = [last.children.get(`f:${name}`), owned?.children.get(`f:${name}`)];
      if (isDeclaredField(schema, name) && lastChild && !isEmpty(lastChild) && isEmpty(ownedChild)) return [];
      const result = keepOrDrop(schemaOfField(schema, name), child, lastChild, ownedChild);
      return result === undefined ? [] : [[name, result] as const];
    });
    return Object.fromEntries(kept);
  }
  const list = listTypeOf(schema);
  if (!Array.isArray(value) || list.type === 'atomic') return value;
  return value.flatMap((item) => {
    const element = elementOf(list, schema, item);
    if (element === undefined) return [item];
    const result = keepOrDrop(schema?.items, item, last.children.get(element), owned?.children.get(element));
    return result === undefined ? [] : [result];
  });
}

function keepOrDrop(schema: StructuralSchema | undefined, value: unknown, last: FieldSet | undefined, owned: FieldSet | undefined): unknown {
  if (!last || isEmpty(last)) return value;
  if (last.member && isEmpty(owned)) return undefined;
  const rest = removeAbandoned(schema, value, last, owned);
  return isHollow(rest) && !isHollow(value) && !owned?.member ? undefined : rest;
}

function isHollow(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}
