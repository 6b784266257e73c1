import { type ErrorCode, IsvcError } from 'cdk8s-kserve/api';

export type InferenceErrorCode = Extract<ErrorCode, `ISVC_CLIENT_${string}`>;

export interface InferenceErrorOptions {
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly hint?: string;
  readonly cause?: unknown;
  /** Whether the request certainly had no effect, so that it may be sent again. */
  readonly safeToRetry?: boolean;
}

/** What goes wrong between a client and a model server. */
export class InferenceError extends IsvcError {
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  readonly safeToRetry: boolean;

  constructor(code: InferenceErrorCode, message: string, { status, retryAfterMs, safeToRetry, hint, cause }: InferenceErrorOptions = {}) {
    super(code, message, { ...(hint === undefined ? {} : { hint }), ...(cause === undefined ? {} : { cause }) });
    this.name = 'InferenceError';
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.safeToRetry = safeToRetry ?? false;
  }
}
