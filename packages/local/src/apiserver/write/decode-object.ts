import { isJsonObject, type JsonObject, jsonTypeOf, type KubeObject } from 'cdk8s-kserve/api';
import type { ServedResource } from '../resources/served-resource';
import { apiVersionOf } from '../resources/served-resource';
import { badRequest } from '../status-error';

const STRING_FIELDS = ['name', 'namespace', 'generateName', 'uid', 'resourceVersion', 'creationTimestamp', 'deletionTimestamp'];
const STRING_MAP_FIELDS = ['labels', 'annotations'];
const LIST_FIELDS = ['finalizers', 'ownerReferences', 'managedFields'];

/** Where in the API an object was sent to. */
export interface Target {
  readonly resource: ServedResource;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** The object may leave its name to the address. @default false */
  readonly nameFromAddress?: boolean;
}

/**
 * Reads a request body as an object of the resource it was sent to; what the body leaves out of its identity comes from the address.
 * @throws StatusError 400 when it is of another kind, or names another object than the address does
 */
export function decodeObject(body: unknown, target: Target): KubeObject {
  const { resource } = target;
  if (!isJsonObject(body)) throw badRequest(`the object provided is unrecognized (must be of type ${resource.kind}): expected a mapping, got ${jsonTypeOf(body)}`);
  const { apiVersion = apiVersionOf(resource), kind = resource.kind } = body;
  if (kind !== resource.kind) throw cannotBeHandled(resource, `converting (${String(apiVersion)}, Kind=${String(kind)}) to ${resource.kind}: unknown conversion`, String(kind));
  if (apiVersion !== apiVersionOf(resource)) {
    throw badRequest(`the API version in the data (${String(apiVersion)}) does not match the expected API version (${apiVersionOf(resource)})`);
  }
  const metadata = decodeMetadata(resource, body['metadata'] ?? {});
  const name = metadata['name'] || (target.nameFromAddress ? target.name : undefined) || '';
  if (target.name !== undefined && name === '') throw badRequest(`the name of the object (${target.name} based on URL) was undeterminable: name must be provided`);
  if (target.name !== undefined && name !== target.name) throw badRequest(`the name of the object (${String(name)}) does not match the name on the URL (${target.name})`);
  const namespace = metadata['namespace'] || target.namespace;
  if (resource.namespaced && namespace !== target.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (!resource.namespaced && metadata['namespace']) throw badRequest('namespace may not be set on a cluster-scoped object');
  const identity = { ...metadata, name: String(name), ...(resource.namespaced ? { namespace: String(namespace) } : {}) };
  return { ...body, apiVersion, kind, metadata: identity } as KubeObject;
}

/** Metadata is typed for every resource; a wrong type in it is a decoding error, as for any built-in object. */
function decodeMetadata(resource: ServedResource, metadata: unknown): JsonObject {
  const expect = (field: string, value: unknown, fits: boolean, type: string): void => {
    if (value !== undefined && value !== null && !fits) {
      throw cannotBeHandled(resource, `json: cannot unmarshal ${jsonTypeOf(value)} into Go struct field ObjectMeta.${field} of type ${type}`);
    }
  };
  expect('metadata', metadata, isJsonObject(metadata), 'v1.ObjectMeta');
  const fields = metadata as JsonObject;
  for (const field of STRING_FIELDS) expect(`metadata.${field}`, fields[field], typeof fields[field] === 'string', 'string');
  for (const field of LIST_FIELDS) expect(`metadata.${field}`, fields[field], Array.isArray(fields[field]), 'list');
  for (const field of STRING_MAP_FIELDS) {
    const map = fields[field];
    expect(`metadata.${field}`, map, isJsonObject(map), 'map[string]string');
    for (const value of Object.values(isJsonObject(map) ? map : {})) expect(`metadata.${field}`, value, typeof value === 'string', 'string');
  }
  // A null is the same as an absent field.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

export function cannotBeHandled(resource: ServedResource, why: string, kind: string = resource.kind): ReturnType<typeof badRequest> {
  return badRequest(`${kind} in version ${JSON.stringify(resource.version)} cannot be handled as a ${resource.kind}: ${why}`);
}
