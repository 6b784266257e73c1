import type { IncomingHttpHeaders } from 'node:http2';
import { checkStatus } from '../check-status';
import { InferenceError } from '../inference-error';

/** HTTP statuses that say the same, so that callers need to know one kind. */
const HTTP_OF_GRPC: Readonly<Record<number, number>> = { 1: 499, 3: 400, 4: 504, 5: 404, 7: 403, 8: 413, 9: 400, 11: 400, 12: 501, 14: 503, 16: 401 };
const DEADLINE_EXCEEDED = 4;
const UNAVAILABLE = 14;

/**
 * Whether a call succeeded.
 *
 * @param headers of the answer. @param trailers that ended it; those of an answer without messages are its headers.
 * @throws InferenceError with the server's words.
 */
export function checkGrpcStatus(headers: IncomingHttpHeaders, trailers: IncomingHttpHeaders): void {
  const http = Number(headers[':status']);
  const text = trailers['grpc-status'] ?? headers['grpc-status'];
  // Something before the server answered, such as a gateway.
  if (text === undefined && http !== 200) checkStatus({ status: http, headers: {}, body: Buffer.alloc(0) });
  if (typeof text !== 'string' || !/^\d{1,3}$/.test(text)) throw new InferenceError('ISVC_CLIENT_BAD_ANSWER', 'the answer is not of the protocol: it has no gRPC status', { hint: 'check that the address speaks gRPC' });
  const grpcStatus = Number(text);
  if (grpcStatus === 0) return;
  const status = HTTP_OF_GRPC[grpcStatus] ?? 500;
  const words = `the server answered gRPC status ${grpcStatus}: ${messageOf(trailers['grpc-message'] ?? headers['grpc-message'])}`;
  if (grpcStatus === DEADLINE_EXCEEDED) throw new InferenceError('ISVC_CLIENT_TIMEOUT', words, { status });
  if (grpcStatus !== UNAVAILABLE) throw new InferenceError('ISVC_CLIENT_REFUSED', words, { status });
  const pushback = Number(trailers['grpc-retry-pushback-ms'] ?? headers['grpc-retry-pushback-ms'] ?? -1);
  // Without a time to come back it may have been in the middle of it.
  throw new InferenceError('ISVC_CLIENT_UNAVAILABLE', words, { status, ...(pushback >= 0 ? { safeToRetry: true, retryAfterMs: pushback } : {}) });
}

function messageOf(text: string | string[] | undefined): string {
  try {
    return typeof text === 'string' ? decodeURIComponent(text) : 'nothing';
  } catch {
    return String(text);
  }
}
