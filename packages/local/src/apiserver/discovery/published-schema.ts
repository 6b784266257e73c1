import { isJsonObject, type JsonObject } from 'cdk8s-kserve/api';
import { METADATA_SCHEMA } from '../resources/metadata-schema';
import { intOrText, quantity } from '../resources/schemas/build';

const prefix = '#/components/schemas/';
const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const INT_OR_STRING = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** What many schemas share, under Kubernetes' names: `kubectl explain` prints the last word of a name as a type. */
export const SHARED_SCHEMAS: JsonObject = {
  [QUANTITY]: { description: 'An amount, as text (500m, 2Gi) or as a number.', oneOf: [{ type: 'string' }, { type: 'number' }] },
  [INT_OR_STRING]: { description: 'A whole number, or text such as a share of 25% or the name of a port.', format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
  [OBJECT_META]: { ...published(METADATA_SCHEMA), description: 'What every object has: its name, labels, annotations, owners and versions.' },
};

const ROOT_DESCRIPTIONS: Readonly<Record<string, string>> = {
  apiVersion: 'The group and version of the schema that this object follows.',
  kind: 'What kind of object this is.',
};

/** The schema of a resource as its OpenAPI document has it. */
export function publishedResource(schema: object): JsonObject {
  const root = published(schema);
  const properties = Object.entries(root['properties'] as JsonObject).map(([name, property]) => {
    if (name === 'metadata') return [name, { description: "The object's name, namespace, labels and the like.", allOf: [{ $ref: prefix + OBJECT_META }] }];
    const description = ROOT_DESCRIPTIONS[name];
    return [name, description ? { ...(property as JsonObject), description } : property];
  });
  return { ...root, properties: Object.fromEntries(properties) as JsonObject };
}

function published(schema: object): JsonObject {
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => {
    if (key === 'properties' && isJsonObject(value)) return [key, Object.fromEntries(Object.entries(value).map(([name, child]) => [name, referred(child)]))];
    if (key === 'items' || key === 'additionalProperties') return [key, referred(value)];
    return [key, value];
  }));
}

/** A form that is shared by name, anything else in full. kubectl cannot print a schema that says nothing at all. */
function referred(schema: unknown): unknown {
  if (schema === quantity) return { allOf: [{ $ref: prefix + QUANTITY }] };
  if (schema === intOrText) return { allOf: [{ $ref: prefix + INT_OR_STRING }] };
  return isJsonObject(schema) ? published(schema) : schema;
}
