import type { KubeObject, StructuralSchema } from 'cdk8s-kserve/api';
import { changesOf, compare } from './compare';
import { difference, isEmpty, union } from './field-set';
import { keyOf, readWriters, type Writer, type WriterId, writeWriters } from './managed-fields';
import { ownedPart } from './owned-part';

export interface TrackedUpdate {
  readonly schema: StructuralSchema;
  readonly writer: WriterId;
  readonly time: string;
  readonly hasStatusSubresource: boolean;
}

/**
 * The managedFields after a write that was not an apply: the writer owns what it changed, and everybody else loses it.
 * What nobody changed keeps its owners, so that reading an object and writing it back takes nothing over. A writer may state
 * owners itself, as kubectl does when it goes over from client-side to server-side apply; an empty list forgets them all.
 */
export function trackUpdate(before: KubeObject | undefined, after: KubeObject, update: TrackedUpdate): readonly object[] {
  const { writer: id, schema } = update;
  const part = (object: KubeObject | undefined): object => ownedPart(object, id.subresource, update.hasStatusSubresource);
  const comparison = compare(schema, part(before), part(after));
  const changes = changesOf(comparison);
  const writers = new Map<string, Writer>(readWriters(after.metadata.managedFields === undefined ? before : after));
  if (isEmpty(changes)) return writeWriters(writers);
  for (const [key, writer] of writers) writers.set(key, { ...writer, fields: difference(writer.fields, changes) });
  const own = writers.get(keyOf(id));
  writers.set(keyOf(id), { id, time: update.time, fields: union(own?.fields, union(comparison.added, comparison.modified)) });
  return writeWriters(writers);
}
