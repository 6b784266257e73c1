import type { Clock } from './clock';
import { isTransient, retryAfterOf } from './failure';

export interface RetryOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Tries in all. */
  readonly attempts: number;
}

const FIRST_MS = 500;
const MOST_MS = 20_000;
/** A store that asks for more is not obeyed: the deadline of the whole fetch is ours. */
const MOST_ASKED_MS = 60_000;

/** Does something until it works, until it fails in a way that no retry cures, or until the attempts are spent. */
export async function retry<T>(task: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await task();
    } catch (error) {
      options.signal.throwIfAborted();
      if (!isTransient(error) || attempt >= options.attempts) throw error;
      await backOff(attempt, error, options);
    }
  }
}

/** Waits before attempt `failed + 1`: doubling, with full jitter so that many pods do not come back together. */
export async function backOff(failed: number, error: unknown, { clock, signal }: Pick<RetryOptions, 'clock' | 'signal'>): Promise<void> {
  const ceiling = Math.min(MOST_MS, FIRST_MS * 2 ** (failed - 1));
  const asked = Math.min(retryAfterOf(error, clock.now()) ?? 0, MOST_ASKED_MS);
  await clock.sleep(Math.max(asked, Math.round(clock.random() * ceiling)), signal);
}
