import { type ErrorCode, IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { Reply } from '../protocols/protocol';
import { ReplyError } from '../own/reply-error';
import type { Log } from '../process/log';
import { errorReply } from '../protocols/reply';
import { ACCEPTED_ENCODINGS } from './decode-body';

/**
 * The one table from error code to HTTP and gRPC status. A code that is not in it is our own fault: 500, INTERNAL.
 * KServe differs: most mistakes of a client are 500 there.
 */
const STATUS: Partial<Readonly<Record<ErrorCode, readonly [http: number, grpc: number]>>> = {
  ISVC_INPUT_INVALID: [400, 3],
  ISVC_INPUT_SHAPE: [400, 3],
  ISVC_SERVER_MODEL_UNKNOWN: [404, 5],
  ISVC_INPUT_TOO_LARGE: [413, 8],
  ISVC_INPUT_ENCODING: [415, 12],
  ISVC_SERVER_NOT_IMPLEMENTED: [501, 12],
  ISVC_SERVER_UPSTREAM: [502, 14],
  ISVC_SERVER_NOT_READY: [503, 14],
  ISVC_SERVER_OVERLOADED: [503, 14],
  ISVC_SERVER_DEADLINE: [504, 4],
};
const UNSUPPORTED_MEDIA = 415;
const INTERNAL = 13;
/** gRPC's statuses for the answers of a service behind a transformer. */
const GRPC_OF_HTTP: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 404: 5, 413: 8, 422: 3, 429: 14, 501: 12, 502: 14, 503: 14, 504: 4 };

/** The shortest time that the header can say; a queue is shorter than that or its server too small. */
const RETRY_AFTER_SECONDS = 1;

/**
 * What a client is told of an error: the message of an expected one with its hint, nothing of an unexpected one. Field
 * `path` and `cause` stay here, they may name files.
 */
export function replyOf(error: unknown): Reply {
  // What the service behind a transformer refused, the client hears in that service's words.
  if (error instanceof ReplyError) return errorReply(error.status, error.message);
  const [status] = (error instanceof IsvcError && STATUS[error.code]) || [500];
  const reply = { ...errorReply(status, messageOfError(error)), ...(status === UNSUPPORTED_MEDIA ? { headers: { 'accept-encoding': ACCEPTED_ENCODINGS } } : {}) };
  return error instanceof IsvcError && error.code === 'ISVC_SERVER_OVERLOADED' ? { ...reply, retryAfter: RETRY_AFTER_SECONDS } : reply;
}

/** The words of `replyOf` alone. */
export function messageOfError(error: unknown): string {
  if (error instanceof ReplyError) return error.message;
  if (!(error instanceof IsvcError) || !STATUS[error.code]) return 'Internal server error';
  return error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
}

/** The gRPC status code of a failure, with a line in the log where it was not the client's fault. */
export function grpcStatusOf(error: unknown, log: Log): number {
  if (error instanceof ReplyError) return GRPC_OF_HTTP[error.status] ?? INTERNAL;
  const status = error instanceof IsvcError ? STATUS[error.code]?.[1] : undefined;
  if (status === undefined) logFailure(error, log);
  return status ?? INTERNAL;
}

/** When the same call may succeed, in milliseconds, in the way of gRPC's retries; `undefined` where nobody can say. */
export function pushbackOf(error: unknown): number | undefined {
  return error instanceof IsvcError && error.code === 'ISVC_SERVER_OVERLOADED' ? RETRY_AFTER_SECONDS * 1000 : undefined;
}

/** `replyOf` for a request that failed, with a line in the log where it was not the client's fault. */
export function failureReply(error: unknown, log: Log): Reply {
  const reply = replyOf(error);
  if (reply.status === 500) logFailure(error, log);
  return reply;
}

function logFailure(error: unknown, log: Log): void {
  log.error(`request failed: ${error instanceof IsvcError ? error.toLine() : stackOf(error)}`);
}

function stackOf(error: unknown): string {
  return error instanceof Error && error.stack ? error.stack.split('\n').slice(0, 4).map((line) => line.trim()).join(' | ') : messageOf(error);
}
