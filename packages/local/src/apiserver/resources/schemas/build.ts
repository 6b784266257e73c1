import type { StructuralSchema } from 'cdk8s-kserve/api';

// Short names for the few forms that the built-in schemas are made of.

export const text: StructuralSchema = { type: 'string' };
export const int: StructuralSchema = { type: 'integer' };
export const bool: StructuralSchema = { type: 'boolean' };
export const intOrText: StructuralSchema = { 'x-kubernetes-int-or-string': true };
/** A quantity may be written as text or as any number. */
export const quantity: StructuralSchema = {};
/** A mapping of which nothing is checked; it merges field by field. */
export const anyObject: StructuralSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

export function object(properties: Readonly<Record<string, StructuralSchema>>, required: readonly string[] = []): StructuralSchema {
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
}

/** An object that one writer owns as a whole. */
export function atomic(schema: StructuralSchema): StructuralSchema {
  return { ...schema, 'x-kubernetes-map-type': 'atomic' };
}

/** A list that one writer owns as a whole. */
export function list(items: StructuralSchema): StructuralSchema {
  return { type: 'array', items };
}

export function set(items: StructuralSchema): StructuralSchema {
  return { type: 'array', items, 'x-kubernetes-list-type': 'set' };
}

/** A list whose entries merge by the value of some of their fields; the first is the key of strategic merge patches. */
export function keyed(items: StructuralSchema, ...keys: readonly string[]): StructuralSchema {
  return { type: 'array', items, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys };
}

export function mapOf(values: StructuralSchema): StructuralSchema {
  return { type: 'object', additionalProperties: values };
}

export function withDefault(schema: StructuralSchema, value: unknown): StructuralSchema {
  return { ...schema, default: value };
}

export function oneOf(...values: readonly string[]): StructuralSchema {
  return { type: 'string', enum: values };
}

export const textMap = mapOf(text);

export const conditions = keyed(object({
  type: text, status: text, reason: text, message: text, lastTransitionTime: text, lastUpdateTime: text, lastProbeTime: text, lastHeartbeatTime: text,
  observedGeneration: int, severity: text,
}, ['type']), 'type');

export const labelSelector = atomic(object({
  matchLabels: textMap,
  matchExpressions: list(object({ key: text, operator: text, values: list(text) }, ['key', 'operator'])),
}));

/** A reference to an object by any of the fields that references have. */
export const objectReference = atomic(object({ apiVersion: text, kind: text, name: text, namespace: text, uid: text, resourceVersion: text, fieldPath: text }));
export const localReference = atomic(object({ name: text }));
