import { childPath, isJsonObject, jsonTypeOf, type JsonObject } from './json-value';
import type { StructuralSchema } from './structural-schema';
import { brokenValueRules } from './value-rules';
import type { Violation } from './violation';

/** Every object has these three, whether its schema names them or not. */
export const RESOURCE_ROOT_FIELDS = ['apiVersion', 'kind', 'metadata'] as const;

export interface FindOptions {
  /** The value is a whole Kubernetes object: its apiVersion, kind and metadata are known and not checked here. */
  readonly resourceRoot?: boolean;
}

/**
 * Everything in which a value departs from a structural schema, in document order. Unknown fields are among them;
 * CEL rules (`x-kubernetes-validations`) are not evaluated.
 */
export function findViolations(schema: StructuralSchema, value: unknown, path: string, options: FindOptions = {}): Violation[] {
  const found: Violation[] = [];
  walk(schema, value, path, options.resourceRoot ?? false, found);
  return found;
}

function walk(schema: StructuralSchema, value: unknown, path: string, resourceRoot: boolean, found: Violation[]): void {
  if (value === null && schema.nullable) return;
  const expected = expectedType(schema);
  if (expected !== undefined && !hasType(value, expected)) {
    found.push({ rule: 'type', path, value, expected });
    return;
  }
  found.push(...brokenValueRules(schema, value, path, (part, v) => findViolations(part, v, path).every((x) => x.rule === 'unknown-field')));
  if (Array.isArray(value)) {
    if (schema.items) for (const [i, item] of value.entries()) walk(schema.items, item, `${path}[${i}]`, false, found);
  } else if (isJsonObject(value)) {
    walkFields(schema, value, path, resourceRoot || schema['x-kubernetes-embedded-resource'] === true, found);
  }
}

function walkFields(schema: StructuralSchema, object: JsonObject, path: string, isResource: boolean, found: Violation[]): void {
  for (const name of schema.required ?? []) {
    if (object[name] === undefined) found.push({ rule: 'required', path: childPath(path, name), value: undefined });
  }
  for (const [name, value] of Object.entries(object)) {
    // A property that a TypeScript caller left undefined is not in the JSON.
    if (value === undefined || (isResource && isRootField(name))) continue;
    const child = fieldSchema(schema, name);
    if (child) walk(child, value, childPath(path, name), false, found);
    else if (child === undefined && !allowsUnknown(schema)) {
      const known = [...Object.keys(schema.properties ?? {}), ...(isResource ? RESOURCE_ROOT_FIELDS : [])];
      found.push({ rule: 'unknown-field', path: childPath(path, name), value, field: name, known });
    }
  }
}

/** The schema of a field; null when anything may stand there; undefined when the schema does not know the field. */
export function fieldSchema(schema: StructuralSchema, name: string): StructuralSchema | null | undefined {
  const { properties, additionalProperties } = schema;
  if (properties && Object.hasOwn(properties, name)) return properties[name];
  if (additionalProperties === true) return null;
  return additionalProperties || undefined;
}

export function isRootField(name: string): boolean {
  return (RESOURCE_ROOT_FIELDS as readonly string[]).includes(name);
}

/** A schema without a type says nothing about what may stand there, so nothing below it is unknown. */
export function allowsUnknown(schema: StructuralSchema): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true
    || (schema.type === undefined && !schema.properties && schema.additionalProperties === undefined);
}

function expectedType(schema: StructuralSchema): string | undefined {
  return schema['x-kubernetes-int-or-string'] ? 'integer,string' : schema.type;
}

function hasType(value: unknown, expected: string): boolean {
  const actual = jsonTypeOf(value);
  if (expected === 'integer,string') return actual === 'integer' || actual === 'string';
  return actual === expected || (expected === 'number' && actual === 'integer');
}
