import { IsvcError, type StatusDetails } from 'cdk8s-kserve/api';

export interface KubeApiErrorOptions {
  /** What was asked, e.g. `PATCH /apis/apps/v1/namespaces/default/deployments/iris`. */
  readonly request: string;
  readonly statusCode: number;
  /** Kubernetes' machine-readable word: `Conflict`, `NotFound`, `Invalid`, `Expired`, `AlreadyExists`. */
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly details?: StatusDetails | undefined;
}

/** The API server answered, and the answer is no. */
export class KubeApiError extends IsvcError {
  readonly statusCode: number;
  readonly reason: string;
  readonly details: StatusDetails;
  /** The server's own words, without the request line in front. */
  readonly serverMessage: string;

  constructor(options: KubeApiErrorOptions) {
    const { request, statusCode, reason = '', message = 'no message', details = {} } = options;
    super('ISVC_KUBE_REQUEST', `${message} (${statusCode}${reason ? ` ${reason}` : ''})`, { path: request });
    this.name = 'KubeApiError';
    this.statusCode = statusCode;
    this.reason = reason;
    this.details = details;
    this.serverMessage = message;
  }

  /** How long the server asks us to stay away, in milliseconds. */
  get retryAfterMs(): number | undefined {
    const seconds = this.details.retryAfterSeconds;
    return seconds === undefined ? undefined : seconds * 1000;
  }

  /** From the body of an error answer, which is a `v1 Status` unless a proxy in between wrote it. */
  static fromBody(request: string, statusCode: number, body: string, retryAfter?: string): KubeApiError {
    const retryAfterSeconds = Number(retryAfter);
    const fallback: StatusDetails = retryAfter !== undefined && Number.isFinite(retryAfterSeconds) ? { retryAfterSeconds } : {};
    const status = parseStatus(body);
    return new KubeApiError({
      request,
      statusCode,
      reason: status?.reason,
      message: status?.message ?? (body.trim().slice(0, 300) || undefined),
      details: { ...fallback, ...status?.details },
    });
  }

  /** From the object of a watch's `ERROR` event. */
  static fromStatus(request: string, status: unknown): KubeApiError {
    const { code, reason, message, details } = (status ?? {}) as StatusBody;
    return new KubeApiError({ request, statusCode: code ?? 500, reason, message, details });
  }
}

/** The stored version is gone: only a new list can tell where we are. */
export function isExpired(error: unknown): boolean {
  return error instanceof KubeApiError && (error.statusCode === 410 || error.reason === 'Expired');
}

export function isConflict(error: unknown): boolean {
  return error instanceof KubeApiError && error.statusCode === 409;
}

export function isNotFound(error: unknown): boolean {
  return error instanceof KubeApiError && error.statusCode === 404;
}

/** Nothing can be created in the namespace any more; there is no way back from it. */
export function isNamespaceTerminating(error: unknown): boolean {
  return error instanceof KubeApiError && error.statusCode === 403 && (error.details.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating');
}

interface StatusBody {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: StatusDetails;
}

function parseStatus(body: string): StatusBody | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && 'message' in parsed ? (parsed as StatusBody) : undefined;
  } catch {
    return undefined;
  }
}
