import { digamma } from '../../../../src/formats/sklearn/numeric/digamma';
import { normalQuantile } from '../../../../src/formats/sklearn/numeric/normal-quantile';
import { interpolate } from '../../../../src/formats/sklearn/preprocessing/quantile-transformer';
import { largestOf } from '../../../../src/formats/sklearn/scores/largest-of';
import { expit } from '../../../../src/formats/sklearn/scores/links';
import { murmurHash3 } from '../../../../src/formats/sklearn/text/murmur-hash';

test.each([
  [0.5, 0],
  [0.975, 1.959963984540054],
  [0.025, -1.959963984540054],
  [1e-7, -5.199337582187471],
  [0.8413447460685429, 1],
  [1e-300, -37.0471],
])('the normal quantile of %p is %p', (probability, quantile) => {
  expect(normalQuantile(probability)).toBeCloseTo(quantile, probability < 1e-200 ? 3 : 9);
});

test.each([[0, -Infinity], [1, Infinity], [-1, NaN], [2, NaN], [NaN, NaN]])('the normal quantile of %p is %p', (probability, quantile) => {
  expect(normalQuantile(probability)).toBe(quantile);
});

// Values that MurmurHash3's own reference gives for seed 0.
test.each([['', 0], ['a', 1009084850], ['hello', 613153351], ['The quick brown fox jumps over the lazy dog', 776992547]])('the hash of %p is %p', (text, hash) => {
  expect(murmurHash3(Buffer.from(text))).toBe(hash);
});

test('the logistic function does not overflow', () => {
  expect([expit(0), expit(1000), expit(-1000)]).toEqual([0.5, 1, 0]);
});

test('the largest is the first of equals, and NaN before all', () => {
  expect([largestOf(Float64Array.of(1, 3, 3), 0, 3), largestOf(Float64Array.of(1, NaN, 3), 0, 3), largestOf(Float64Array.of(9, 1, 2), 1, 2)]).toEqual([1, 1, 1]);
});

test('interpolation ends where the positions end', () => {
  const at = (value: number): number => interpolate(value, Float64Array.of(0, 1, 1, 2), Float64Array.of(0, 10, 20, 30));
  expect([at(-5), at(0.5), at(1), at(1.5), at(9), at(NaN)]).toEqual([0, 5, 20, 25, 30, NaN]);
});

// By scipy.special.digamma.
test.each([[1, -0.5772156649015329], [0.5, -1.9635100260214235], [1e-3, -1000.5755719318103], [7.25, 1.9104535268837362], [123.4, 4.8113737751162775]])('digamma(%p) is %p', (value, expected) => {
  expect(Math.abs(digamma(value) / expected - 1)).toBeLessThan(1e-14);
});
