import type { StatusCause } from 'cdk8s-kserve/api';
import type { FieldError } from './field-error';
import type { ServedResource } from './resources/served-resource';
import { StatusError } from './status-error';

/** The 422 that lists what is wrong with an object. */
export function invalid(resource: Pick<ServedResource, 'kind' | 'group'>, name: string, errors: readonly FieldError[]): StatusError {
  const lines = errors.map((e) => `${e.field}: ${e.message}`);
  const all = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  const kind = resource.group ? `${resource.kind}.${resource.group}` : resource.kind;
  const causes: StatusCause[] = errors.map(({ reason, message, field }) => ({ reason, message, field }));
  return new StatusError(422, 'Invalid', `${kind} ${JSON.stringify(name)} is invalid: ${all}`, {
    name, ...(resource.group ? { group: resource.group } : {}), kind: resource.kind, causes,
  });
}
