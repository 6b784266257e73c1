import { Histogram } from './histogram';

/** Upper bounds in seconds, those of KServe's Python servers. */
export const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] as const;

/** Counts durations into KServe's buckets. */
export class DurationHistogram extends Histogram {
  constructor() {
    super(BUCKETS);
  }
}
