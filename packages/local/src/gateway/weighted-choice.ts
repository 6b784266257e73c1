export interface Weighted<T> {
  readonly weight: number;
  readonly value: T;
}

/**
 * Smooth weighted round robin, as nginx does it: over any `sum of weights` choices each value comes exactly `weight`
 * times, and they are spread evenly instead of in runs. No randomness, so a 10 % canary gets 10 of 100 requests.
 */
export class WeightedChoice<T> {
  private readonly entries: { readonly value: T; readonly weight: number; current: number }[];
  private readonly total: number;

  constructor(choices: readonly Weighted<T>[]) {
    this.entries = choices.filter((c) => c.weight > 0).map(({ value, weight }) => ({ value, weight, current: 0 }));
    this.total = this.entries.reduce((sum, e) => sum + e.weight, 0);
  }

  /** Undefined when nothing has a weight. */
  next(): T | undefined {
    const { entries } = this;
    if (entries.length < 2) return entries[0]?.value;
    let best = entries[0];
    for (const entry of entries) {
      entry.current += entry.weight;
      if (best === undefined || entry.current > best.current) best = entry;
    }
    if (best) best.current -= this.total;
    return best?.value;
  }
}
