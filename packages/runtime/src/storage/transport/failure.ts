import type { IncomingHttpHeaders } from 'node:http';

/** Statuses that another attempt may cure: the store is busy, or something on the way to it is. */
const TRANSIENT_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504]);

const TRANSIENT_CODES = new Set([
  'ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ESOCKETTIMEDOUT', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'ERR_STREAM_PREMATURE_CLOSE',
  'HPE_INVALID_CONSTANT', 'HPE_INVALID_EOF_STATE', 'HPE_INVALID_CHUNK_SIZE',
]);

const TRUST_CODES = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED', 'CERT_UNTRUSTED', 'CERT_NOT_YET_VALID', 'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** A store answered, but not with what was asked for. Never shown as it is: each source says what it means. */
export class HttpFailure extends Error {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The start of the body: an error document of the store. */
  readonly body: string;

  constructor(status: number, headers: IncomingHttpHeaders, body: string) {
    super(`status ${status}`);
    this.name = 'HttpFailure';
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

/** A connection that gave nothing for too long, or ended before all had come. */
export class TransferFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TransferFailure';
  }
}

/** A store was asked for a part of a file and answered with all of it. */
export class RangeIgnored extends Error {
  constructor() {
    super('the store answers with everything in place of a part');
    this.name = 'RangeIgnored';
  }
}

/** Whether trying again makes sense. Whatever is not known is not tried again. */
export function isTransient(error: unknown): boolean {
  if (error instanceof TransferFailure) return true;
  if (error instanceof HttpFailure) return TRANSIENT_STATUSES.has(error.status) || /<Code>(SlowDown|RequestTimeout|InternalError)</.test(error.body);
  return TRANSIENT_CODES.has(codeOf(error));
}

/** Whether the certificate of the other side is the problem. */
export function isTrustFailure(error: unknown): boolean {
  return TRUST_CODES.has(codeOf(error));
}

export function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

/** What the store asks to wait, in milliseconds. */
export function retryAfterOf(error: unknown, now: number): number | undefined {
  const value = error instanceof HttpFailure ? error.headers['retry-after'] : undefined;
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}
