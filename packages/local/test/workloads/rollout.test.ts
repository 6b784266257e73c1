import fc from 'fast-check';
import { planRollout, rolloutBounds, type RolloutSet } from '../../src/workloads/rollout';

const set = (name: string, replicas: number, available = replicas): RolloutSet => ({ name, replicas, available, existing: replicas });
const plan = (replicas: number, current: RolloutSet, old: readonly RolloutSet[], rollingUpdate = {}): Record<string, number> =>
  Object.fromEntries(planRollout({ replicas, strategy: { type: 'RollingUpdate', rollingUpdate }, current, old }));

test.each([
  ['25 % of 4', 4, {}, { maxSurge: 1, maxUnavailable: 1 }],
  ['25 % of 1 surges and keeps all', 1, {}, { maxSurge: 1, maxUnavailable: 0 }],
  ['numbers as they are', 10, { maxSurge: 3, maxUnavailable: 0 }, { maxSurge: 3, maxUnavailable: 0 }],
  ['both zero would never move', 4, { maxSurge: 0, maxUnavailable: '0%' }, { maxSurge: 0, maxUnavailable: 1 }],
])('bounds: %s', (_what, replicas, rolling, expected) => {
  expect(rolloutBounds(replicas, rolling)).toEqual(expected);
});

test.each([
  ['the new set starts within the surge', 4, set('new', 0, 0), [set('old', 4)], {}, { new: 1 }],
  ['old pods go only as new ones are available', 2, set('new', 1, 0), [set('old', 2)], { maxSurge: 1, maxUnavailable: 0 }, {}],
  ['an available new pod lets an old one go', 2, set('new', 1, 1), [set('old', 2)], { maxSurge: 1, maxUnavailable: 0 }, { old: 1 }],
  ['broken old pods go first', 2, set('new', 1, 0), [set('old', 2, 0)], { maxSurge: 1, maxUnavailable: 1 }, { old: 1 }],
  ['a smaller Deployment shrinks its set', 2, set('new', 5), [], {}, { new: 2 }],
  ['nothing to do', 2, set('new', 2), [], {}, {}],
])('%s', (_what, replicas, current, old, rolling, expected) => {
  expect(plan(replicas, current, old, rolling)).toEqual(expected);
});

test('Recreate ends the old pods before it starts new ones', () => {
  const recreate = (old: readonly RolloutSet[]): Record<string, number> => Object.fromEntries(planRollout({ replicas: 2, strategy: { type: 'Recreate' }, current: set('new', 0), old }));
  expect(recreate([set('old', 2)])).toEqual({ old: 0 });
  expect(recreate([{ name: 'old', replicas: 0, available: 0, existing: 1 }])).toEqual({});
  expect(recreate([set('old', 0)])).toEqual({ new: 2 });
});

test('a rolling update always ends, and never leaves its bounds', () => {
  const share = fc.integer({ min: 0, max: 100 }).map((n) => `${n}%`);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), share, share, (replicas, maxSurge, maxUnavailable) => {
      const bounds = rolloutBounds(replicas, { maxSurge, maxUnavailable });
      const sizes = { new: 0, old: replicas };
      for (let step = 0; step < 100 && (sizes.new !== replicas || sizes.old !== 0); step++) {
        const next = plan(replicas, set('new', sizes.new), [set('old', sizes.old)], { maxSurge, maxUnavailable });
        expect(Object.keys(next)).not.toEqual([]);
        Object.assign(sizes, next);
        expect(sizes.new + sizes.old).toBeLessThanOrEqual(replicas + bounds.maxSurge);
        expect(sizes.new + sizes.old).toBeGreaterThanOrEqual(replicas - bounds.maxUnavailable);
      }
      expect(sizes).toEqual({ new: replicas, old: 0 });
    }),
  );
});
