import { objectKey, type JsonObject, type KubeObject } from 'cdk8s-kserve/api';
import { apiVersionOf, type ServedResource } from '../resources/served-resource';
import { inVersion } from '../resources/stored-form';
import { badRequest, expired, resourceVersionTooLarge } from '../status-error';
import { type ObjectStore, storageKeyOf } from '../storage/object-store';
import { count, resourceVersionOf, viewOf } from './query';

/** Where a list that was cut by `limit` goes on: after which object, and as of which version. */
interface Continuation {
  readonly resourceVersion: number;
  readonly after: string;
}

/** A list as `GET` on a collection answers it. @throws StatusError 400, 410, 504 */
export function listObjects(store: ObjectStore, resource: ServedResource, query: URLSearchParams, namespace: string | undefined): JsonObject {
  const view = viewOf(resource, query, namespace);
  const limit = count(query, 'limit') ?? 0;
  const { resourceVersion, after } = startOf(store, query);
  const all = store.listAt(storageKeyOf(resource), resourceVersion, namespace);
  if (!all) throw expired(after === '' ? tooOld(resourceVersion, store) : 'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.');
  const rest = all.filter((object) => (after === '' || objectKey(object.metadata) > after) && view(object));
  const items = limit > 0 ? rest.slice(0, limit) : rest;
  const last = items.at(-1);
  const cut = items.length < rest.length && last ? { continue: encode({ resourceVersion, after: objectKey(last.metadata) }), remainingItemCount: rest.length - items.length } : {};
  return {
    kind: resource.listKind,
    apiVersion: apiVersionOf(resource),
    metadata: { resourceVersion: String(resourceVersion), ...cut },
    items: items.map((object): KubeObject => inVersion(resource, object)),
  };
}

export function tooOld(resourceVersion: number, store: ObjectStore): string {
  return `too old resource version: ${resourceVersion} (${store.resourceVersion})`;
}

/** The version to list at: the latest one unless `resourceVersionMatch=Exact` or a continuation names another. */
function startOf(store: ObjectStore, query: URLSearchParams): Continuation {
  const current = store.resourceVersion;
  const token = query.get('continue');
  const asked = resourceVersionOf(query);
  const match = query.get('resourceVersionMatch');
  if (token) {
    if (asked !== undefined && asked !== 0) throw badRequest('specifying resource version is not allowed when using continue');
    return decode(token);
  }
  if (match !== null && match !== '' && asked === undefined) throw badRequest('resourceVersionMatch is forbidden unless resourceVersion is provided');
  if (match && match !== 'Exact' && match !== 'NotOlderThan') throw badRequest(`invalid resourceVersionMatch value ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan"`);
  if (asked !== undefined && asked > current) throw resourceVersionTooLarge(asked, current);
  if (match !== 'Exact') return { resourceVersion: current, after: '' };
  if (asked === 0) throw badRequest('resourceVersionMatch "Exact" is forbidden for resourceVersion "0"');
  return { resourceVersion: asked ?? current, after: '' };
}

function encode(continuation: Continuation): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: continuation.resourceVersion, start: continuation.after })).toString('base64url');
}

function decode(token: string): Continuation {
  try {
    const { rv, start } = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as { rv: unknown; start: unknown };
    if (typeof rv === 'number' && typeof start === 'string' && start !== '') return { resourceVersion: rv, after: start };
  } catch {
    // Whatever is wrong with the token, the answer is the same.
  }
  throw badRequest('continue key is not valid: illegal base64 or content');
}
