import fc from 'fast-check';
import { parseQuantity } from '../../../../src/api';

describe('parseQuantity', () => {
  it.each([
    ['500m', 0.5], ['1', 1], [2, 2], ['1.5', 1.5], ['.5', 0.5], ['2Gi', 2 * 1024 ** 3], ['1Mi', 1024 ** 2], ['100k', 100_000], ['3M', 3e6], ['1e3', 1000], ['2E', 2e18], ['-1', -1],
  ])('reads %s', (text, amount) => expect(parseQuantity(text)).toBeCloseTo(amount, 6));

  it.each(['', 'x', '1 Gi', '1gi', '--1', '1.2.3', 'Gi'])('takes "%s" for none', (text) => expect(parseQuantity(text)).toBeUndefined());

  it('keeps the order of whole numbers in every unit', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.constantFrom('', 'm', 'k', 'M', 'Ki', 'Mi', 'Gi'), (a, b, unit) => {
        expect(Math.sign((parseQuantity(`${a}${unit}`) ?? NaN) - (parseQuantity(`${b}${unit}`) ?? NaN))).toBe(Math.sign(a - b));
      }),
    );
  });
});
