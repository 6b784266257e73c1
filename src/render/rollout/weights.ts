import type { CanaryVariant } from '../../api';

/** A version's share of the traffic, 0..100. */
export interface Weighted<T> {
  readonly item: T;
  readonly weight: number;
}

/**
 * Shares of the stable item and of those beside it: whole per cents that always add up to 100. What canaries do not
 * take, or cannot take yet, is the stable one's.
 *
 * @param ready whether a canary can answer; one that cannot gets 0.
 */
export function weightsOf<T>(stable: T, canaries: readonly { readonly item: T; readonly variant: CanaryVariant }[], ready: (item: T) => boolean = () => true): readonly Weighted<T>[] {
  let left = 100;
  const shares = canaries.map(({ item, variant }) => {
    const weight = ready(item) ? Math.min(Math.max(Math.trunc(variant.trafficPercent), 0), left) : 0;
    left -= weight;
    return { item, weight };
  });
  return [{ item: stable, weight: left }, ...shares];
}
