import fc from 'fast-check';
import { quantityInNanos, sameQuantity } from '../../../../src/api';

test.each([
  ['1', '1000m'], ['0.1', '100m'], ['1Gi', '1024Mi'], ['2e3', '2k'], ['1E', '1e18'], ['.5', '500m'], ['1.', '1'],
  ['0.1Gi', '107374182400m'], [2, '2'], [0.5, '500m'], ['-1', '-1000m'], ['1n', '0.1n'], ['0', '0Ki'],
])('%s and %s are the same amount', (a, b) => {
  expect(sameQuantity(a, b)).toBe(true);
});

test.each([['1', '2'], ['1Gi', '1G'], ['100m', '100'], ['1E', '1e3'], ['1', 'one'], ['', '0']])('%s and %s are not', (a, b) => {
  expect(sameQuantity(a, b)).toBe(false);
});

test.each(['', '.', 'abc', '1GiB', '1 Gi', '0x10', '1e', '--1', '1ki', 'NaN', 'Infinity'])('%j is not a quantity', (text) => {
  expect(quantityInNanos(text)).toBeUndefined();
});

test('any whole number of millis has the same value in every spelling that can hold it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 9 }), (millis) => {
      const nanos = BigInt(millis) * 10n ** 6n;
      expect(quantityInNanos(`${millis}m`)).toBe(nanos);
      expect(quantityInNanos(`${millis}e-3`)).toBe(nanos);
      expect(quantityInNanos(String(millis / 1000))).toBe(nanos);
      expect(quantityInNanos(`${millis * 1000}u`)).toBe(nanos);
    }),
  );
});
