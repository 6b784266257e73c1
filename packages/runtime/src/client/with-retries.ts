import { InferenceError } from './inference-error';

export interface RetryOptions {
  /** How often a request is sent again after its first failure. */
  readonly retries: number;
  /** Longest first pause in milliseconds; each further one may be twice as long. */
  readonly backoffMs: number;
  /** When all of it must be over, on the clock of `performance.now()`. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** @default Math.random */
  readonly random?: () => number;
}

const MAX_BACKOFF_MS = 5000;

/**
 * Sends a request again after failures that certainly had no effect: no connection, or a server that says it took nothing
 * (503 with Retry-After). Pauses are random ("full jitter"), so that clients which failed together do not return together.
 */
export async function withRetries<T>(send: () => Promise<T>, { retries, backoffMs, deadline, signal, random = Math.random }: RetryOptions): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof InferenceError) || !error.safeToRetry || attempt >= retries) throw error;
      const jitter = random() * Math.min(MAX_BACKOFF_MS, backoffMs * 2 ** attempt);
      const pause = Math.max(jitter, error.retryAfterMs ?? 0);
      // A pause that ends after the deadline would only hide the reason behind a timeout.
      if (performance.now() + pause >= deadline) throw error;
      await pauseFor(pause, signal);
    }
  }
}

function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
