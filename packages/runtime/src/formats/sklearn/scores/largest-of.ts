/** Index of the largest of `count` values from `start` on, as NumPy's `argmax`: of equal ones the first, and NaN beats all. */
export function largestOf(values: Float64Array, start: number, count: number): number {
  let best = 0;
  for (let index = 0; index < count; index++) {
    const value = values[start + index] as number;
    if (value !== value) return index;
    if (value > (values[start + best] as number)) best = index;
  }
  return best;
}
