export interface BackoffOptions {
  /** The first delay in milliseconds. */
  readonly baseMs: number;
  /** No delay is longer. */
  readonly maxMs: number;
  /** Up to this share of a delay is taken off at random, so that many waiters do not come back together. @default 0.3 */
  readonly jitter?: number;
  /** A number in [0, 1). @default Math.random */
  readonly random?: () => number;
}

/** The delay before try number `failures + 1`: doubles with each failure up to the maximum, less the jitter. */
export function backoffDelay(failures: number, options: BackoffOptions): number {
  const { baseMs, maxMs, jitter = 0.3, random = Math.random } = options;
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(full * (1 - jitter * random()));
}
