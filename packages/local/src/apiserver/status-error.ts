import type { JsonObject, StatusCause, StatusDetails } from 'cdk8s-kserve/api';
import { qualifiedName, type ServedResource } from './resources/served-resource';

/**
 * A refusal that goes to the client as a `Status` object. It is an answer of the protocol rather than an error of
 * ours, so it carries Kubernetes' reason and HTTP code in place of a code of our catalogue.
 */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails;

  constructor(code: number, reason: string, message: string, details: StatusDetails = {}) {
    super(message);
    this.name = 'StatusError';
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  toStatus(): JsonObject {
    return {
      kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: this.message,
      ...(this.reason ? { reason: this.reason } : {}), details: this.details, code: this.code,
    };
  }
}

/** The `Status` of a deletion that is done. */
export function successStatus(resource: ServedResource, name: string, uid: string | undefined): JsonObject {
  const details = { ...detailsOf(resource, name), ...(uid ? { uid } : {}) };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

export function notFound(resource: ServedResource, name: string): StatusError {
  return new StatusError(404, 'NotFound', `${qualifiedName(resource)} ${JSON.stringify(name)} not found`, detailsOf(resource, name));
}

export function alreadyExists(resource: ServedResource, name: string): StatusError {
  return new StatusError(409, 'AlreadyExists', `${qualifiedName(resource)} ${JSON.stringify(name)} already exists`, detailsOf(resource, name));
}

export function conflict(resource: ServedResource, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualifiedName(resource)} ${JSON.stringify(name)}: ${why}`;
  return new StatusError(409, 'Conflict', message, detailsOf(resource, name));
}

export const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

export function forbidden(resource: ServedResource, name: string, why: string, causes?: readonly StatusCause[]): StatusError {
  const message = `${qualifiedName(resource)} ${JSON.stringify(name)} is forbidden: ${why}`;
  return new StatusError(403, 'Forbidden', message, { ...detailsOf(resource, name), ...(causes ? { causes } : {}) });
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

export function methodNotAllowed(): StatusError {
  return new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new StatusError(415, 'UnsupportedMediaType', message);
}

/** Both the HTTP answer of a list and the ERROR event of a watch whose version is out of the history. */
export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}

export function resourceVersionTooLarge(asked: number, current: number): StatusError {
  return new StatusError(504, 'Timeout', `Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

export function internalError(message: string): StatusError {
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
}

function detailsOf(resource: ServedResource, name: string): StatusDetails {
  return { name, ...(resource.group ? { group: resource.group } : {}), kind: resource.plural };
}
