import { allowsUnknown, fieldSchema, isRootField } from './find-violations';
import { childPath, isJsonObject, type JsonObject } from './json-value';
import type { StructuralSchema } from './structural-schema';

/** A value without the fields its schema does not know, and the paths of those fields. */
export interface Pruned {
  readonly value: unknown;
  readonly unknownFields: readonly string[];
}

/**
 * Drops what the schema does not know, as an API server does before it stores a custom resource. The value itself is
 * not changed; unchanged parts are shared with the result.
 *
 * @param path Field path of the value; empty for a whole Kubernetes object, which keeps apiVersion, kind and metadata.
 */
export function pruneUnknown(schema: StructuralSchema, value: unknown, path = ''): Pruned {
  const unknownFields: string[] = [];
  return { value: prune(schema, value, path, path === '', unknownFields), unknownFields };
}

function prune(schema: StructuralSchema, value: unknown, path: string, resourceRoot: boolean, dropped: string[]): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? mapItems(value, (item, i) => prune(items, item, `${path}[${i}]`, false, dropped)) : value;
  }
  if (!isJsonObject(value)) return value;
  const isResource = resourceRoot || schema['x-kubernetes-embedded-resource'] === true;
  return mapFields(value, (name, child) => {
    if (isResource && isRootField(name)) return child;
    const childSchema = fieldSchema(schema, name);
    if (childSchema) return prune(childSchema, child, childPath(path, name), false, dropped);
    if (childSchema === null || allowsUnknown(schema)) return child;
    dropped.push(childPath(path, name));
    return undefined;
  });
}

/**
 * Fills in the schema's defaults and drops nulls from fields that are neither nullable nor defaulted, as an API
 * server does on every write. The value itself is not changed; unchanged parts are shared with the result.
 */
export function applyDefaults(schema: StructuralSchema, value: unknown): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? mapItems(value, (item) => applyDefaults(items, replaceNull(items, item))) : value;
  }
  if (!isJsonObject(value)) return value;
  return mapFields(withMissingDefaults(schema, value), (name, child) => {
    const childSchema = fieldSchema(schema, name);
    if (!childSchema) return child;
    if (child === null && !childSchema.nullable && childSchema.default === undefined && schema.properties?.[name]) return undefined;
    return applyDefaults(childSchema, replaceNull(childSchema, child));
  });
}

function withMissingDefaults(schema: StructuralSchema, object: JsonObject): JsonObject {
  let result: Record<string, unknown> | undefined;
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    if (child.default === undefined || object[name] !== undefined) continue;
    result ??= { ...object };
    result[name] = structuredClone(child.default);
  }
  return result ?? object;
}

function replaceNull(schema: StructuralSchema, value: unknown): unknown {
  return value === null && !schema.nullable && schema.default !== undefined ? structuredClone(schema.default) : value;
}

function mapItems(items: readonly unknown[], map: (item: unknown, index: number) => unknown): readonly unknown[] {
  const mapped = items.map(map);
  return mapped.every((item, i) => item === items[i]) ? items : mapped;
}

/** Maps the fields of an object; undefined drops one. The same object comes back when nothing changed. */
function mapFields(object: JsonObject, map: (name: string, value: unknown) => unknown): JsonObject {
  let changed = false;
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object)) {
    const mapped = map(name, value);
    if (mapped !== value) changed = true;
    // A plain assignment of `__proto__` would change the prototype instead of adding a field.
    if (mapped !== undefined) Object.defineProperty(result, name, { value: mapped, enumerable: true, writable: true, configurable: true });
  }
  return changed ? result : object;
}
