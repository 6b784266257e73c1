import { type ErrorCode, IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { Reply } from '../protocols/protocol';
import { ReplyError } from '../own/reply-error';
import type { Log } from '../process/log';
import { errorReply } from '../protocols/reply';

/**
 * The one table from error code to HTTP status. A code that is not in it is our own fault: 500.
 * KServe differs: most mistakes of a client are 500 there.
 */
const STATUS: Partial<Readonly<Record<ErrorCode, number>>> = {
  ISVC_INPUT_INVALID: 400,
  ISVC_INPUT_SHAPE: 400,
  ISVC_SERVER_MODEL_UNKNOWN: 404,
  ISVC_INPUT_TOO_LARGE: 413,
  ISVC_SERVER_NOT_IMPLEMENTED: 501,
  ISVC_SERVER_UPSTREAM: 502,
  ISVC_SERVER_NOT_READY: 503,
  ISVC_SERVER_OVERLOADED: 503,
  ISVC_SERVER_DEADLINE: 504,
};

/** The shortest time that the header can say; a queue is shorter than that or its server too small. */
const RETRY_AFTER_SECONDS = 1;

/**
 * What a client is told of an error: the message of an expected one with its hint, nothing of an unexpected one. Field
 * `path` and `cause` stay here, they may name files.
 */
export function replyOf(error: unknown): Reply {
  // What the service behind a transformer refused, the client hears in that service's words.
  if (error instanceof ReplyError) return errorReply(error.status, error.message);
  const status = error instanceof IsvcError ? STATUS[error.code] : undefined;
  if (status === undefined || !(error instanceof IsvcError)) return errorReply(500, 'Internal server error');
  const reply = errorReply(status, error.hint === undefined ? error.message : `${error.message}; ${error.hint}`);
  return error.code === 'ISVC_SERVER_OVERLOADED' ? { ...reply, retryAfter: RETRY_AFTER_SECONDS } : reply;
}

/** The same for a request that failed, with a line in the log where it was not the client's fault. */
export function failureReply(error: unknown, log: Log): Reply {
  const reply = replyOf(error);
  if (reply.status === 500) log.error(`request failed: ${error instanceof IsvcError ? error.toLine() : stackOf(error)}`);
  return reply;
}

function stackOf(error: unknown): string {
  return error instanceof Error && error.stack ? error.stack.split('\n').slice(0, 4).map((line) => line.trim()).join(' | ') : messageOf(error);
}
