import { isJsonObject, type KubeObject } from 'cdk8s-kserve/api';
import { descend, isStep, ownEntry, recordOf, type FieldSet } from './field-record';

/**
 * What a manager applied last, as the record of a live object tells it: without what the server filled in and others set.
 * Undefined where it applied nothing. Pure.
 */
export function lastApplied(live: KubeObject, manager: string): KubeObject | undefined {
  const fields = ownEntry(recordOf(live) ?? [], manager)?.fieldsV1;
  if (!fields) return undefined;
  const { apiVersion, kind, metadata: { name, namespace } } = live;
  const { metadata = {}, ...rest } = pick(fields, live) as { readonly metadata?: object };
  return { apiVersion, kind, ...rest, metadata: { ...metadata, name, ...(namespace ? { namespace } : {}) } };
}

function pick(fields: FieldSet, value: unknown): unknown {
  const steps = Object.entries(fields).filter(([key]) => isStep(key));
  if (steps.length === 0) return value;
  const picked = steps.map(([key, below]) => ({ name: key.slice(2), below, found: descend(key, value) })).filter(({ found }) => found !== undefined);
  if (isJsonObject(value)) return Object.fromEntries(picked.map(({ name, below, found }) => [name, pick(below, found)]));
  // The record sorts by key; init containers and variables mean something by their order.
  const place = new Map((value as readonly unknown[]).map((element, index) => [element, index]));
  return picked.sort((a, b) => (place.get(a.found) ?? 0) - (place.get(b.found) ?? 0)).map(({ below, found }) => pick(below, found));
}
