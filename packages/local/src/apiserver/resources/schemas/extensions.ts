import { anyObject, atomic, conditions, object } from './build';

const names = anyObject;

/** A definition's own schema is checked when it is used; here only its outline is. */
export const customResourceDefinitionSchema = object({
  spec: object({
    group: { type: 'string' },
    names,
    scope: { type: 'string', enum: ['Namespaced', 'Cluster'] },
    versions: { type: 'array', items: atomic(anyObject), minItems: 1 },
    conversion: anyObject,
    preserveUnknownFields: { type: 'boolean' },
  }, ['group', 'names', 'scope', 'versions']),
  status: { ...anyObject, properties: { conditions } },
}, ['spec']);
