import { decideScale, type ScaleInput } from '../../src/knative/scale-decision';
import { scaleSettings } from '../../src/knative/scale-settings';

const settings = { minScale: 0, maxScale: 0, initialScale: 1, metric: 'concurrency', target: 10, windowMs: undefined, retentionMs: 0 } as const;
const NOW = 1_000_000;

function decide(input: Partial<Omit<ScaleInput, 'samples'>>, load: readonly number[] = []): number {
  const samples = load.map((value, i) => ({ at: NOW - (load.length - 1 - i) * 1000, value }));
  return decideScale({ now: NOW, samples, settings, windowMs: 60_000, wanted: 1, ready: 1, initialized: true, reachable: true, activeAt: NOW, ...input });
}

test.each<[string, Partial<Omit<ScaleInput, 'samples'>>, number[], number]>([
  ['load over the target adds pods', {}, [25, 25, 25], 3],
  ['load at the target keeps them', { wanted: 2, ready: 2 }, [20, 20, 20], 2],
  ['less load takes away half at most', { wanted: 8, ready: 8 }, [1, 1, 1], 4],
  ['no load keeps the last pod for a window', {}, [0, 0, 0], 1],
  ['no request for a window ends the last pod', { activeAt: NOW - 60_000 }, [0], 0],
  ['a pod may be kept longer', { activeAt: NOW - 60_000, settings: { ...settings, retentionMs: 5000 } }, [0], 1],
  ['the lower bound holds', { settings: { ...settings, minScale: 2 }, activeAt: 0 }, [0], 2],
  ['but not for a revision that no route names', { settings: { ...settings, minScale: 2 }, activeAt: 0, reachable: false, wanted: 1 }, [0], 0],
  ['the upper bound holds', { settings: { ...settings, maxScale: 2 } }, [100], 2],
  ['a burst is met at once', {}, [...Array.from({ length: 50 }, () => 0), 100, 100, 100, 100, 100, 100], 10],
  ['a burst takes no pods away', { wanted: 20, ready: 2 }, [...Array.from({ length: 50 }, () => 0), 60, 60, 60, 60, 60, 60], 20],
  ['before it was ready once it has its first pods', { initialized: false, activeAt: 0, settings: { ...settings, initialScale: 3 } }, [0], 3],
])('%s', (_what, input, load, expected) => {
  expect(decide(input, load)).toBe(expected);
});

test.each([
  ['a pod is meant to run at 70 % of 100', {}, 0, { target: 70, minScale: 0, initialScale: 1 }],
  ['the annotated target', { 'autoscaling.knative.dev/target': '10' }, 0, { target: 7 }],
  ['no target above the hard limit', { 'autoscaling.knative.dev/target': '50' }, 10, { target: 7 }],
  ['bounds and window', { 'autoscaling.knative.dev/min-scale': '2', 'autoscaling.knative.dev/max-scale': '5', 'autoscaling.knative.dev/window': '1m30s' }, 0, { minScale: 2, maxScale: 5, windowMs: 90_000 }],
  ['nonsense counts as absent', { 'autoscaling.knative.dev/min-scale': 'many' }, 0, { minScale: 0 }],
])('settings: %s', (_what, annotations, containerConcurrency, expected) => {
  expect(scaleSettings({ apiVersion: 'serving.knative.dev/v1', kind: 'Revision', metadata: { name: 'r', annotations }, spec: { containers: [], containerConcurrency } })).toMatchObject(expected);
});
