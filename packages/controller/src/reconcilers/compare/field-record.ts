import { isJsonObject, type KubeObject } from 'cdk8s-kserve/api';

/** One entry of `metadata.managedFields`: what a manager owns, as a tree of field names. */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: string;
  readonly apiVersion?: string;
  readonly subresource?: string;
  readonly fieldsV1?: FieldSet;
}

/** `f:name` for a field, `k:{"name":"a"}` for a list element by key, `v:"a"` by value, `i:0` by position, `.` for itself. */
export type FieldSet = { readonly [key: string]: FieldSet };

/** KServe's controller by its program's name, which is what the API server writes down for it. */
const KSERVE = 'manager';

/** Who owns which fields of an object; undefined from a server that keeps no such record. */
export function recordOf({ metadata }: KubeObject): readonly ManagedFieldsEntry[] | undefined {
  return metadata.managedFields as readonly ManagedFieldsEntry[] | undefined;
}

/** What this manager applied to the object itself, not to a subresource. */
export function ownEntry(record: readonly ManagedFieldsEntry[], manager: string): ManagedFieldsEntry | undefined {
  return record.find((e) => e.manager === manager && e.operation === 'Apply' && !e.subresource);
}

/**
 * The entries of KServe's controller that own a field of ours, too, as it is in a child that KServe made. Operators whose program
 * has that common name and who wrote fields of their own into a child of ours are not among them.
 */
export function entriesOfKserve(record: readonly ManagedFieldsEntry[], manager: string): readonly ManagedFieldsEntry[] {
  const updates = record.filter((e) => e.manager === KSERVE && e.operation === 'Update' && !e.subresource);
  const { fieldsV1: ours } = (updates.length > 0 ? ownEntry(record, manager) : undefined) ?? {};
  return ours ? updates.filter(({ fieldsV1 = {} }) => haveInCommon(ours, fieldsV1)) : [];
}

function haveInCommon(some: FieldSet, others: FieldSet): boolean {
  return Object.entries(some).some(([key, below]) => {
    const other = key === '.' ? undefined : others[key];
    return other !== undefined && (isWhole(below) || isWhole(other) || haveInCommon(below, other));
  });
}

function isWhole(field: FieldSet): boolean {
  return Object.keys(field).length === 0;
}

/** Whether a key of a field set leads to a value below; `.` does not, and what newer servers may add. */
export function isStep(key: string): boolean {
  return ['f:', 'k:', 'v:', 'i:'].includes(key.slice(0, 2));
}

/** The value that a step of a field set leads to, or undefined when there is none. */
export function descend(step: string, value: unknown): unknown {
  const name = step.slice(2);
  switch (step.slice(0, 2)) {
    case 'f:':
      return isJsonObject(value) ? (value[name] ?? undefined) : undefined;
    case 'k:': {
      const keys = JSON.parse(name) as Readonly<Record<string, unknown>>;
      // A key that the element leaves out is filled in by the server.
      return list(value).find((e) => isJsonObject(e) && Object.entries(keys).every(([k, v]) => e[k] === undefined || e[k] === v));
    }
    case 'v:': {
      const wanted: unknown = JSON.parse(name);
      return list(value).find((e) => e === wanted);
    }
    case 'i:':
      return list(value)[Number(name)];
    default:
      return undefined;
  }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
