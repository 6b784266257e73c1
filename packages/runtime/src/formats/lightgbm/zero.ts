/** LightGBM takes values up to this, on either side, for zero: a single-precision constant compared in double precision. */
export const ZERO = Math.fround(1e-35);

const number = Float64Array.of(-ZERO);
const bits = new BigInt64Array(number.buffer);
bits[0] = (bits[0] as bigint) + 1n;

/** The largest number that is less than every zero. */
const BELOW_ZERO = number[0] as number;

/**
 * The threshold that compares with a value as `threshold` does with what LightGBM makes of the value: tiny ones become
 * zero before the trees see them. It matters because LightGBM likes to split at exactly plus and minus `ZERO`.
 */
export function widenZero(threshold: number): number {
  if (threshold >= -ZERO && threshold < 0) return BELOW_ZERO;
  return threshold >= 0 && threshold < ZERO ? ZERO : threshold;
}
