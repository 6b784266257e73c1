import { type KubeObject, type StructuralSchema, jsonEqual } from 'cdk8s-kserve/api';
import { compare } from './compare';
import { applyConflict, type OwnedByOther } from './apply-conflict';
import { difference, type FieldSet, intersection, isEmpty, union, EMPTY } from './field-set';
import { fieldSetOf } from './field-set-of';
import { keyOf, readWriters, type Writer, type WriterId, writeWriters } from './managed-fields';
import { mergeApplied } from './merge';
import { ownedPart, withOwnedPart } from './owned-part';
import { removeAbandoned } from './remove-abandoned';

export interface ApplyRequest {
  readonly schema: StructuralSchema;
  readonly writer: WriterId;
  readonly force: boolean;
  readonly time: string;
  readonly hasStatusSubresource: boolean;
}

/**
 * Server-side apply: lays `config` over `live`, drops what the writer applied before and nobody owns any more, and
 * records who owns what. `live` is undefined when the apply creates the object.
 * @throws StatusError 409 when a field that somebody else owns would change and `force` is off
 */
export function applyConfiguration(live: KubeObject | undefined, config: KubeObject, request: ApplyRequest): KubeObject {
  const { schema, writer: id } = request;
  const part = (object: KubeObject | undefined): Record<string, unknown> => ownedPart(object, id.subresource, request.hasStatusSubresource);
  const [before, wanted] = [part(live), part(config)];
  const merged = mergeApplied(schema, before, wanted);
  const comparison = compare(schema, before, merged);
  const changed = union(comparison.added, comparison.modified);

  const writers = new Map<string, Writer>(readWriters(live));
  const last = writers.get(keyOf(id));
  takeOver(writers, keyOf(id), changed, request.force);
  const fields = fieldSetOf(schema, wanted);
  writers.set(keyOf(id), { id, time: last?.time, fields });

  const owned = [...writers.values()].reduce<FieldSet>((all, writer) => union(all, writer.fields), EMPTY);
  const result = last ? removeAbandoned(schema, merged, last.fields, owned) : merged;
  // The time of an apply that changes nothing must stay, or every apply would be a write.
  if (!jsonEqual(before, result) || !sameFields(last?.fields, fields)) writers.set(keyOf(id), { id, time: request.time, fields });
  return withOwnedPart(live, config, result as Record<string, unknown>, { ...request, subresource: id.subresource, managedFields: writeWriters(writers) });
}

function takeOver(writers: Map<string, Writer>, self: string, changed: FieldSet, force: boolean): void {
  const conflicts: OwnedByOther[] = [];
  for (const [key, writer] of writers) {
    const contested = intersection(writer.fields, changed);
    if (key === self || isEmpty(contested)) continue;
    conflicts.push({ writer, fields: contested });
    writers.set(key, { ...writer, fields: difference(writer.fields, contested) });
  }
  if (conflicts.length > 0 && !force) throw applyConflict(conflicts);
}

function sameFields(a: FieldSet | undefined, b: FieldSet): boolean {
  return a !== undefined && isEmpty(difference(a, b)) && isEmpty(difference(b, a));
}
