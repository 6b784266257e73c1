import { isJsonObject, type KubeObject } from 'cdk8s-kserve/api';
import { entriesOfKserve, ownEntry, recordOf, type FieldSet } from './field-record';

/**
 * The paths that this manager once applied and no longer wants. Applying again without them makes the server take them
 * away; comparing values alone could never tell them from what the server filled in. That this record lives on the
 * object is why a controller that starts again needs no memory, and no annotation.
 *
 * An object that has a record, but none of ours, was made by somebody else (KServe's controller, say): it is reported
 * as abandoned as a whole so that one apply claims it. One that was claimed and has KServe's controller as an owner still is
 * reported, too: we were killed between that apply and the strike that follows.
 */
export function findAbandoned(desired: KubeObject, live: KubeObject, manager: string): readonly string[] {
  const record = recordOf(live);
  if (!record) {
    return []; // A server that keeps no record can only be compared by value.
  }
  const ours = ownEntry(record, manager);
  if (!ours?.fieldsV1 || ours.apiVersion !== desired.apiVersion) {
    return ['metadata.managedFields'];
  }
  const found = entriesOfKserve(record, manager).length > 0 ? ['metadata.managedFields'] : [];
  walk(ours.fieldsV1, desired, '', found);
  return found;
}

function walk(owned: FieldSet, desired: unknown, path: string, found: string[]): void {
  for (const [key, below] of Object.entries(owned)) {
    if (key === '.') {
      continue;
    }
    const name = key.slice(2);
    const here = key.startsWith('f:') ? (path ? `${path}.${name}` : name) : `${path}[${name}]`;
    const value = descend(key, name, desired);
    if (value === undefined) {
      found.push(here);
    } else if (isJsonObject(value) || Array.isArray(value)) {
      walk(below, value, here, found);
    }
  }
}

/** The desired value that a step of a field set leads to, or undefined when there is none. */
function descend(key: string, name: string, desired: unknown): unknown {
  switch (key.slice(0, 2)) {
    case 'f:':
      return isJsonObject(desired) ? (desired[name] ?? undefined) : undefined;
    case 'k:': {
      const keys = JSON.parse(name) as Readonly<Record<string, unknown>>;
      // A key that the desired element leaves out was filled in by the server.
      return list(desired).find((e) => isJsonObject(e) && Object.entries(keys).every(([k, v]) => e[k] === undefined || e[k] === v));
    }
    case 'v:': {
      const wanted: unknown = JSON.parse(name);
      return list(desired).find((e) => e === wanted);
    }
    case 'i:':
      return list(desired)[Number(name)];
    default:
      return true; // A step of a newer server: nothing we know how to miss.
  }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
