import type { KubeObject } from 'cdk8s-kserve/api';
import { methodNotAllowed, successStatus } from '../status-error';
import { storageKeyOf } from '../storage/object-store';
import { decodeObject } from '../write/decode-object';
import { type DeleteRequest, deleteObject } from '../write/object-deleter';
import type { ObjectWriter } from '../write/object-writer';
import { parseBody } from './body';
import { parseDeleteRequest } from './delete-options';
import { listObjects } from './list';
import { answerWrite, type ObjectRequest, writeOptionsOf } from './object-request';
import { patchObject } from './patch-handler';
import { viewOf } from './query';
import type { Answer } from './respond';
import { applyScale, toScale } from './scale';

/** Answers everything about objects except watches and logs. @throws StatusError */
export function handleObjects(writer: ObjectWriter, request: ObjectRequest): Answer {
  const { method, name, resource } = request;
  if (name === undefined) {
    switch (method) {
      case 'GET': return { code: 200, body: listObjects(writer.store, resource, request.query, request.namespace) };
      case 'POST': return create(writer, request);
      case 'DELETE': return deleteCollection(writer, request);
      default: throw methodNotAllowed();
    }
  }
  switch (method) {
    case 'GET': return read(writer, request, name);
    case 'PUT': return replace(writer, request, name);
    case 'PATCH': return patchObject(writer, request, name);
    case 'DELETE': return remove(writer, request, name);
    default: throw methodNotAllowed();
  }
}

function read(writer: ObjectWriter, request: ObjectRequest, name: string): Answer {
  const object = writer.read(request.resource, name, request.namespace);
  return { code: 200, body: request.subresource === 'scale' ? toScale(request.resource, object) : object };
}

function create(writer: ObjectWriter, request: ObjectRequest): Answer {
  // A namespaced resource is created in a namespace; `POST /api/v1/pods` has no meaning.
  if (request.resource.namespaced && request.namespace === undefined) throw methodNotAllowed();
  const object = decodeObject(parseBody(request.body, request.mediaType), { ...request, name: undefined });
  return answerWrite(writer.create(request.resource, object, writeOptionsOf(request, 'Update')), request);
}

function replace(writer: ObjectWriter, request: ObjectRequest, name: string): Answer {
  const { resource } = request;
  const body = parseBody(request.body, request.mediaType);
  const live = writer.read(resource, name, request.namespace);
  const next = request.subresource === 'scale' ? applyScale(resource, live, body) : decodeObject(body, request);
  return answerWrite(writer.update(resource, live, next, { ...writeOptionsOf(request, 'Update'), requireVersion: true }), request);
}

function remove(writer: ObjectWriter, request: ObjectRequest, name: string): Answer {
  const { resource } = request;
  if (request.subresource !== undefined) throw methodNotAllowed();
  const { object, gone } = deleteObject(writer, resource, name, request.namespace, parseDeleteRequest(request));
  const showObject = !gone || RETURN_DELETED_OBJECT.has(storageKeyOf(resource));
  return { code: 200, body: showObject ? object : successStatus(resource, name, object.metadata.uid) };
}

/** Resources whose deletion answers with the object rather than with a Status. */
const RETURN_DELETED_OBJECT = new Set(['/pods', '/services', '/serviceaccounts', '/persistentvolumeclaims']);

function deleteCollection(writer: ObjectWriter, request: ObjectRequest): Answer {
  const { resource, namespace } = request;
  if (resource.namespaced && namespace === undefined) throw methodNotAllowed();
  const options: DeleteRequest = parseDeleteRequest(request);
  const inView = viewOf(resource, request.query, namespace);
  const list = listObjects(writer.store, resource, request.query, namespace);
  const doomed = writer.store.list(storageKeyOf(resource), namespace).filter(inView);
  for (const object of doomed as readonly KubeObject[]) deleteObject(writer, resource, object.metadata.name, object.metadata.namespace, options);
  return { code: 200, body: list };
}
