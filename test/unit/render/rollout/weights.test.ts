import fc from 'fast-check';
import type { CanaryVariant } from '../../../../src/api';
import { weightsOf } from '../../../../src/render/rollout/weights';

function canary(name: string, trafficPercent: number): { item: string; variant: CanaryVariant } {
  return { item: name, variant: { name, overlay: {}, trafficPercent, path: 'spec.canary' } };
}

describe('weightsOf', () => {
  it('gives the stable version what canaries do not take', () => {
    expect(weightsOf('stable', [canary('a', 25), canary('b', 10)])).toEqual([{ item: 'stable', weight: 65 }, { item: 'a', weight: 25 }, { item: 'b', weight: 10 }]);
  });

  it('gives the share of a canary that cannot answer back to the stable version', () => {
    expect(weightsOf('stable', [canary('a', 25), canary('b', 10)], (item) => item !== 'a').map((w) => w.weight)).toEqual([90, 0, 10]);
  });

  it('always adds up to 100 in whole numbers from 0 to 100, whatever is asked for', () => {
    const percent = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: -50, max: 250 }), fc.double({ min: 0, max: 100, noNaN: true }));
    fc.assert(
      fc.property(fc.array(fc.tuple(percent, fc.boolean()), { maxLength: 8 }), (asked) => {
        const canaries = asked.map(([share], index) => canary(`c${index}`, share));
        const weights = weightsOf('stable', canaries, (item) => item === 'stable' || (asked[Number(item.slice(1))]?.[1] ?? false)).map((w) => w.weight);
        expect(weights.reduce((sum, w) => sum + w, 0)).toBe(100);
        for (const weight of weights) expect(Number.isInteger(weight) && weight >= 0 && weight <= 100).toBe(true);
      }),
    );
  });
});
