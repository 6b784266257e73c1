import { isJsonObject } from 'cdk8s-kserve/api';
import type { ManagedFieldsEntry } from './compare/field-record';

/** Far more than there are shapes of children; a cluster that has more keeps some twice. */
const MOST_SHAPES = 1_000;
const shapes = new Map<string, ManagedFieldsEntry>();

/**
 * An entry of a child's record, without what differs from child to child, and the same object for all that are equal: it is half of a
 * child in memory, and services of a kind have the same. Never change it.
 *
 * Who owns a child is named by uid in it and left out: a reference that we took back leaves the one that we want instead missing,
 * which shows by its value.
 */
export function sharedRecord({ manager, operation, apiVersion, fieldsV1 }: ManagedFieldsEntry): ManagedFieldsEntry {
  const record = { manager, operation, apiVersion, fieldsV1: fieldsV1 && withoutOwners(fieldsV1) } as ManagedFieldsEntry;
  const key = JSON.stringify(record);
  const known = shapes.get(key);
  if (known) {
    return known;
  }
  if (shapes.size >= MOST_SHAPES) {
    shapes.clear();
  }
  shapes.set(key, record);
  return record;
}

type Fields = NonNullable<ManagedFieldsEntry['fieldsV1']>;

function withoutOwners(fields: Fields): Fields {
  const metadata = fields['f:metadata'];
  return isJsonObject(metadata) ? { ...fields, 'f:metadata': Object.fromEntries(Object.entries(metadata).filter(([field]) => field !== 'f:ownerReferences')) } : fields;
}
