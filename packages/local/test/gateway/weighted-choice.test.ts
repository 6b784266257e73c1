import fc from 'fast-check';
import { WeightedChoice } from '../../src/gateway/weighted-choice';

test('over one cycle every value comes exactly as often as its weight says, evenly spread', () => {
  const choice = new WeightedChoice([{ weight: 3, value: 'a' }, { weight: 1, value: 'b' }, { weight: 0, value: 'never' }]);
  expect(Array.from({ length: 8 }, () => choice.next()).join('')).toBe('aabaaaba');
});

test('nothing has a weight', () => {
  expect(new WeightedChoice([{ weight: 0, value: 'a' }]).next()).toBeUndefined();
});

test('the share is exact for any weights', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 5 }), (weights) => {
      const choice = new WeightedChoice(weights.map((weight, value) => ({ weight, value })));
      const counts = weights.map(() => 0);
      const total = weights.reduce((a, b) => a + b, 0);
      for (let i = 0; i < total; i++) {
        const chosen = choice.next() ?? -1;
        counts[chosen] = (counts[chosen] ?? 0) + 1;
      }
      expect(counts).toEqual(weights);
    }),
  );
});
