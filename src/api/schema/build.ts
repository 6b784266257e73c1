import type { StructuralSchema } from './structural-schema';

/** Short builders for structural schemas, so that a kind's schema reads like its manifest. */
type Extra = Partial<StructuralSchema>;
type Fields = Readonly<Record<string, StructuralSchema>>;

export const str = (extra: Extra = {}): StructuralSchema => ({ type: 'string', ...extra });
export const bool = (extra: Extra = {}): StructuralSchema => ({ type: 'boolean', ...extra });
export const int = (extra: Extra = {}): StructuralSchema => ({ type: 'integer', ...extra });
export const intOrString = (extra: Extra = {}): StructuralSchema => ({ 'x-kubernetes-int-or-string': true, ...extra });
export const listOf = (items: StructuralSchema, extra: Extra = {}): StructuralSchema => ({ type: 'array', items, ...extra });
export const mapOf = (values: StructuralSchema, extra: Extra = {}): StructuralSchema => ({ type: 'object', additionalProperties: values, ...extra });
export const obj = (properties: Fields, extra: Extra = {}): StructuralSchema => ({ type: 'object', properties, ...extra });
/** An object whose content this project does not look into. */
export const anyObj = (extra: Extra = {}): StructuralSchema => ({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true, ...extra });
export const stringMap = (extra: Extra = {}): StructuralSchema => mapOf(str(), extra);

const podParts = new WeakSet<StructuralSchema>();

/**
 * Marks a schema that belongs to Kubernetes' pod: our own checks look into it, the CRD keeps whatever is there. A CRD
 * that spelled out the pod would be megabytes large and would prune fields that a newer Kubernetes has added.
 */
export function podPart(schema: StructuralSchema): StructuralSchema {
  podParts.add(schema);
  return schema;
}

/** The same schema, a pod part if it was one, with a sentence of its own for `kubectl explain`. */
export function described(description: string, schema: StructuralSchema): StructuralSchema {
  const copy = { ...schema, description };
  return podParts.has(schema) ? podPart(copy) : copy;
}

/**
 * Fields that mean what Kubernetes' own mean: each is described by where `kubectl explain` tells about it.
 * @param path Where Kubernetes has them, e.g. `pod.spec`.
 */
export function fieldsAsIn<T extends Fields>(path: string, fields: T): { readonly [K in keyof T]: StructuralSchema } {
  return Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, asIn(`${path}.${name}`, schema)])) as { readonly [K in keyof T]: StructuralSchema };
}

function asIn(path: string, schema: StructuralSchema): StructuralSchema {
  const { properties, items } = schema;
  const copy = {
    ...schema,
    description: `As ${path}.`,
    ...(properties ? { properties: fieldsAsIn(path, properties) } : {}),
    ...(items?.properties ? { items: { ...items, properties: fieldsAsIn(path, items.properties) } } : {}),
  };
  return podParts.has(schema) ? podPart(copy) : copy;
}

/** The schema as a CRD carries it: pod parts collapsed. */
export function forCrd(schema: StructuralSchema): StructuralSchema {
  if (podParts.has(schema)) return collapse(schema);
  const { properties, items, additionalProperties, ...rest } = schema;
  return {
    ...rest,
    ...(properties ? { properties: mapValues(properties, forCrd) } : {}),
    ...(items ? { items: forCrd(items) } : {}),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: typeof additionalProperties === 'object' ? forCrd(additionalProperties) : additionalProperties }),
  };
}

function collapse(schema: StructuralSchema): StructuralSchema {
  const description = schema.description === undefined ? {} : { description: schema.description };
  if (schema.type === 'array') {
    const { items = anyObj(), maxItems } = schema;
    // CEL rules tell containers apart by name, and can see only what the schema names.
    const name = items.properties?.['name'];
    return { ...description, type: 'array', ...(maxItems === undefined ? {} : { maxItems }), items: items.type === 'object' ? anyObj(name ? { properties: { name } } : {}) : items };
  }
  if (schema.type !== 'object') return schema;
  return schema.additionalProperties ? schema : anyObj(description);
}

function mapValues(fields: Fields, f: (schema: StructuralSchema) => StructuralSchema): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, f(value)]));
}
