/** Integers that are ordered as numbers are, in one word for single precision and two for double, the low one first. */

/** What every key of a row is compared with: `x < threshold`, or `x <= threshold`. */
export type Test = 'less' | 'atMost';

/** The high words of keys of rows that are less and not less than the key of every node; the low words are 0 and -1. */
export const ALWAYS_LESS = -0x80000000;
export const NEVER_LESS = 0x7fffffff;

/** The key of a node that no number is less than, but a missing value that goes left is. */
const LESS_THAN_NUMBERS = -0x7fffffff;

/** Bits of infinity: those of NaN are greater, whatever its sign. */
const SINGLE_INFINITY = 0x7f800000;

/** The key of the single-precision number with these bits; zero has no sign. */
export function keyOfBits(bits: number): number {
  return bits === -0x80000000 ? 0 : bits ^ ((bits >> 31) & 0x7fffffff);
}

/** Whether these are the bits of NaN. */
export function isMissing(bits: number): boolean {
  return (bits & 0x7fffffff) > SINGLE_INFINITY;
}

const number = new Float64Array(1);
const single = new Float32Array(number.buffer);
const words = new Int32Array(number.buffer);

/** The key that those of single-precision numbers are less than exactly where the number passes the test. */
export function singleThreshold(threshold: number, test: Test): number {
  if (Number.isNaN(threshold)) return LESS_THAN_NUMBERS;
  single[0] = threshold;
  const rounded = single[0] as number;
  const key = keyOfBits(words[0] as number);
  // The neighbour above, as neighbours are neighbours as integers too, where the rounded threshold itself passes.
  return rounded < threshold || (test === 'atMost' && rounded === threshold) ? key + 1 : key;
}

/** The same for numbers of double precision, written to two words. */
export function writeDoubleThreshold(threshold: number, test: Test, out: Int32Array, at: number): void {
  out[at] = 0;
  out[at + 1] = LESS_THAN_NUMBERS;
  if (Number.isNaN(threshold)) return;
  writeDoubleKey(threshold, out, at);
  if (test === 'less') return;
  out[at] = (out[at] as number) + 1;
  if (out[at] === 0) out[at + 1] = (out[at + 1] as number) + 1;
}

/** Writes the key of a number, which must not be NaN. */
export function writeDoubleKey(value: number, out: Int32Array, at: number): void {
  // Adding zero takes the sign off zero.
  number[0] = value + 0;
  const high = words[1] as number;
  out[at] = (words[0] as number) ^ (high >> 31);
  out[at + 1] = high ^ ((high >> 31) & 0x7fffffff);
}
