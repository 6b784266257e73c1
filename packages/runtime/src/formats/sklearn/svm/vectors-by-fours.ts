import type { SupportVectors } from './kernel';

/** Vectors summed up at a time: one sum alone would wait for each addition before it begins the next. */
export const FOUR = 4;

/**
 * The vectors in fours, their numbers of one feature beside each other. The last four are filled up with zeros: what is
 * computed for those has its place in `out`, since V8 makes slow code of a loop that once wrote behind an end.
 */
export function byFours({ count, features, values }: SupportVectors): Float64Array {
  const fours = new Float64Array(Math.ceil(count / FOUR) * FOUR * features);
  for (let vector = 0; vector < count; vector++) {
    const first = (vector - (vector % FOUR)) * features + (vector % FOUR);
    for (let feature = 0; feature < features; feature++) fours[first + feature * FOUR] = values[vector * features + feature] as number;
  }
  return fours;
}
