/** Keys of a row that are less and not less than the key of every node. */
export const ALWAYS_LESS = -0x80000000;
export const NEVER_LESS = 0x7fffffff;

/** The key of a node that no number is less than, but a missing value that goes left is. */
const LESS_THAN_NUMBERS = -0x7fffffff;

/** Bits of infinity: those of NaN are greater, whatever its sign. */
const INFINITY_BITS = 0x7f800000;

/** Integers that are ordered as the single-precision numbers with these bits are; zero has no sign. */
export function keyOfBits(bits: number): number {
  return bits === -0x80000000 ? 0 : bits ^ ((bits >> 31) & 0x7fffffff);
}

/** Whether these are the bits of NaN. */
export function isMissing(bits: number): boolean {
  return (bits & 0x7fffffff) > INFINITY_BITS;
}

const single = new Float32Array(1);
const singleBits = new Int32Array(single.buffer);

/** The key that those of single-precision numbers are less than exactly where the number is at most `threshold`. */
export function keyAbove(threshold: number): number {
  if (Number.isNaN(threshold)) return LESS_THAN_NUMBERS;
  single[0] = threshold;
  const key = keyOfBits(singleBits[0] as number);
  // Rounded up, it would let through one number too many; neighbours are neighbours as integers too.
  return (single[0] as number) <= threshold ? key + 1 : key;
}
