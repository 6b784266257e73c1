import { ALWAYS_LEFT, ALWAYS_RIGHT } from '../boosting/keyed-trees';

/** Two keys for each column: one in which a missing value goes right everywhere, one in which it goes left. */
export const SLOTS = 2;

const single = new Float32Array(1);
const singleBits = new Int32Array(single.buffer);

/** The key of a threshold: keys are ordered as the numbers are. Nothing is less than NaN, and zero has no sign. */
export function keyOf(threshold: number): number {
  if (Number.isNaN(threshold)) return ALWAYS_LEFT;
  // Adding zero takes the sign off zero.
  single[0] = threshold + 0;
  return orderedKey(singleBits[0] as number);
}

/** Writes the keys of `count` numbers. `bits` is the memory of the single-precision `values`. */
export function writeKeys(values: Float32Array, bits: Int32Array, count: number, keys: Int32Array): void {
  for (let index = 0; index < count; index++) {
    const at = index * SLOTS;
    if (Number.isNaN(values[index])) {
      keys[at] = ALWAYS_RIGHT;
      keys[at + 1] = ALWAYS_LEFT;
      continue;
    }
    const word = bits[index] as number;
    const key = word === -0x80000000 ? 0 : orderedKey(word);
    keys[at] = key;
    keys[at + 1] = key;
  }
}

/** Bits of floats of one sign are ordered as integers are; those of negative ones run the other way. */
function orderedKey(bits: number): number {
  return bits ^ ((bits >> 31) & 0x7fffffff);
}
