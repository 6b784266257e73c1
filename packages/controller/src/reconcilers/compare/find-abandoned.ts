import { isJsonObject, type KubeObject } from 'cdk8s-kserve/api';
import { descend, entriesOfKserve, isStep, ownEntry, recordOf, type FieldSet } from './field-record';

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
    if (!isStep(key)) {
      continue; // For the object itself, or of a newer server: nothing we know how to miss.
    }
    const name = key.slice(2);
    const here = key.startsWith('f:') ? (path ? `${path}.${name}` : name) : `${path}[${name}]`;
    const value = descend(key, desired);
    if (value === undefined) {
      found.push(here);
    } else if (isJsonObject(value) || Array.isArray(value)) {
      walk(below, value, here, found);
    }
  }
}
