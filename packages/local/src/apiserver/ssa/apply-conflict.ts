import { StatusError } from '../status-error';
import { type FieldSet, pathsOf } from './field-set';
import type { Writer } from './managed-fields';

/** Fields that an apply would change although another writer owns them. */
export interface OwnedByOther {
  readonly writer: Writer;
  readonly fields: FieldSet;
}

/** The 409 that lists who owns what, in the words of the real server. */
export function applyConflict(conflicts: readonly OwnedByOther[]): StatusError {
  const named = conflicts
    .map(({ writer, fields }) => ({ who: nameOf(writer), paths: pathsOf(fields) }))
    .sort((a, b) => (a.who < b.who ? -1 : 1));
  const causes = named.flatMap(({ who, paths }) => paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field })));
  const [only] = causes;
  const list = causes.length === 1 && only
    ? `1 conflict: ${only.message}: ${only.field}`
    : `${causes.length} conflicts: ${named.map(({ who, paths }) => `conflicts with ${who}:\n${paths.map((p) => `- ${p}`).join('\n')}`).join('\n')}`;
  return new StatusError(409, 'Conflict', `Apply failed with ${list}`, { causes });
}

function nameOf({ id, time }: Writer): string {
  const name = `${JSON.stringify(id.manager)}${id.subresource ? ` with subresource ${JSON.stringify(id.subresource)}` : ''}`;
  return id.operation === 'Update' ? `${name} using ${id.apiVersion}${time ? ` at ${time}` : ''}` : name;
}
