import type { KubeObject } from 'cdk8s-kserve/api';
import { valueAt } from '../json';
import type { ServedResource } from '../resources/served-resource';
import { badRequest } from '../status-error';

/**
 * Compiles a field selector: `metadata.name=x,status.phase!=Running`.
 * @throws StatusError 400 when the text is not a selector or the resource does not index the field
 */
export function parseFieldSelector(resource: ServedResource, text: string): (object: KubeObject) => boolean {
  const terms = text.split(',').filter((term) => term.trim() !== '').map((term) => parseTerm(resource, term.trim()));
  return (object) => terms.every((term) => term(object));
}

function parseTerm(resource: ServedResource, term: string): (object: KubeObject) => boolean {
  const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(term);
  if (!match) throw badRequest(`invalid selector: ${JSON.stringify(term)}; can't understand ${JSON.stringify(term)}`);
  const [, field = '', operator, value = ''] = match;
  const known = ['metadata.name', ...(resource.namespaced ? ['metadata.namespace'] : []), ...resource.selectableFields];
  if (!known.includes(field)) throw badRequest(`field label not supported: ${field}`);
  const path = field.split('.');
  return (object) => {
    const actual = valueAt(object, ...path);
    const text = actual === undefined || actual === null ? '' : String(actual);
    return operator === '!=' ? text !== value : text === value;
  };
}
