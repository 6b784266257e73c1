import type { Clock } from '../../../src/storage/transport/clock';

/** A clock whose waits take no time; `waits` are the milliseconds that would have passed. */
export function fakeClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => 1_700_000_000_000 + waits.reduce((a, b) => a + b, 0),
    random: () => 0.5,
    async sleep(ms, signal) {
      signal.throwIfAborted();
      waits.push(ms);
    },
  };
}
