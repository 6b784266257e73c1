import fc from 'fast-check';
import { ALWAYS_LEFT, ALWAYS_RIGHT } from '../../../src/formats/boosting/keyed-trees';
import { keyOf, SLOTS, writeKeys } from '../../../src/formats/xgboost/row-keys';

function keysOf(...numbers: readonly number[]): Int32Array {
  const values = Float32Array.from(numbers);
  const keys = new Int32Array(values.length * SLOTS);
  writeKeys(values, new Int32Array(values.buffer), values.length, keys);
  return keys;
}

test('keys of values and thresholds compare as the single-precision numbers do', () => {
  fc.assert(fc.property(fc.float({ noNaN: true }), fc.float({ noNaN: true }), (value, threshold) => {
    const keys = keysOf(value);
    expect((keys[0] as number) < keyOf(threshold)).toBe(value < threshold);
    expect(keys[1]).toBe(keys[0]);
  }), { seed: 7, numRuns: 2000, examples: [[0, -0], [-0, 0], [Infinity, Infinity], [-Infinity, -Infinity], [1e-45, 0], [-1e-45, 0], [3.4028234663852886e38, Infinity]] });
});

test('a missing value goes right of every threshold in one slot and left in the other', () => {
  const keys = keysOf(NaN);
  for (const threshold of [-Infinity, -1, 0, 1, Infinity]) expect([(keys[0] as number) < keyOf(threshold), (keys[1] as number) < keyOf(threshold)]).toEqual([false, true]);
  expect(Array.from(keys)).toEqual([ALWAYS_RIGHT, ALWAYS_LEFT]);
});

test('nothing is less than a threshold that is no number', () => {
  for (const value of keysOf(-Infinity, 0, Infinity)) expect(value < keyOf(NaN)).toBe(false);
});
