/** Upper bounds in seconds, those of KServe's Python servers; everything above falls into `+Inf`. */
export const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] as const;

/**
 * Counts durations into KServe's buckets.
 *
 * It is our own because an observation has to cost nanoseconds (measured: prom-client's takes about a microsecond, for
 * the hash of its labels) and because prom-client takes longer to load than a model; it only formats, at scrape time.
 */
export class DurationHistogram {
  /** Not cumulative; the last one is `+Inf`. */
  private readonly counts = new Float64Array(BUCKETS.length + 1);
  private total = 0;

  observe(seconds: number): void {
    let i = 0;
    while (i < BUCKETS.length && seconds > (BUCKETS[i] as number)) i++;
    this.counts[i] = (this.counts[i] as number) + 1;
    this.total += seconds;
  }

  /** Sum of all observations in seconds. */
  get sum(): number {
    return this.total;
  }

  /** Cumulative counts in the order of `BUCKETS`, then `+Inf`, which is the number of observations. */
  cumulative(): number[] {
    let running = 0;
    return Array.from(this.counts, (count) => (running += count));
  }
}
