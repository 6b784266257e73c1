import type { HttpAnswer } from './http-call';
import { InferenceError } from './inference-error';

const SHOWN = 500;
const UNAVAILABLE = 503;
const TIMEOUT = 504;

/** @throws InferenceError for whatever is not 2xx, with the server's own words. */
export function checkStatus({ status, headers, body }: HttpAnswer): void {
  if (status >= 200 && status < 300) return;
  const message = `the server answered ${status}: ${textOf(body)}`;
  if (status === TIMEOUT) throw new InferenceError('ISVC_CLIENT_TIMEOUT', message, { status });
  if (status === UNAVAILABLE) {
    const retryAfterMs = retryAfterOf(headers['retry-after']);
    // Without the header it may have been in the middle of it.
    throw new InferenceError('ISVC_CLIENT_UNAVAILABLE', message, { status, safeToRetry: retryAfterMs !== undefined, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
  }
  throw new InferenceError('ISVC_CLIENT_REFUSED', message, { status });
}

/** `{"error": ...}` of V1 and V2, `{"detail": ...}` of frameworks, or the text as it is. */
function textOf(body: Buffer): string {
  const text = body.toString('utf8').slice(0, SHOWN).trim();
  try {
    const { error, detail } = JSON.parse(body.toString('utf8')) as { error?: unknown; detail?: unknown };
    const said = error ?? detail;
    return typeof said === 'string' ? said.slice(0, SHOWN) : text;
  } catch {
    return text === '' ? 'nothing' : text;
  }
}

/** Seconds or a date, as RFC 9110 has it. */
function retryAfterOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
