import { misuse } from '../check';

/** How a second version is brought in. */
export const STRATEGIES = ['Weighted', 'BlueGreen', 'Shadow'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** One step of a rollout, by the version's share of the requests in per cent. */
export interface CanaryStep {
  readonly weight: number;
}

const MAX_STEPS = 20;
const DEFAULT_STEPS: Readonly<Record<Strategy, readonly number[]>> = { Weighted: [10, 25, 50, 100], BlueGreen: [100], Shadow: [] };

/** The weights of a rollout: strictly rising, the last 100. */
export function weightsOfSteps(path: string, strategy: Strategy, steps: readonly (number | CanaryStep)[] | undefined): readonly number[] {
  const weights = (steps ?? DEFAULT_STEPS[strategy]).map((step) => (typeof step === 'number' ? step : step.weight));
  if (strategy === 'Shadow') {
    if (weights.length > 0) throw misuse(path, 'a Shadow takes no share of the requests, so it has no steps', 'remove steps; shadow.percent says how many are copied');
    return weights;
  }
  if (strategy === 'BlueGreen' && weights.join() !== '100') throw misuse(path, `BlueGreen goes from 0 to 100 at once, got steps ${weights.join(', ')}`, 'remove steps, or use strategy Weighted');
  if (weights.length === 0 || weights.length > MAX_STEPS) throw misuse(path, `steps must be 1 to ${MAX_STEPS}, got ${weights.length}`, 'write e.g. [10, 50, 100]');
  const bad = weights.find((w, i) => !Number.isInteger(w) || w < 1 || w > 100 || (i > 0 && w <= (weights[i - 1] ?? 0)));
  if (bad !== undefined) throw misuse(path, `steps must be whole per cents from 1 to 100, each above the one before, got ${weights.join(', ')}`, 'write e.g. [10, 50, 100]');
  if (weights.at(-1) !== 100) throw misuse(path, `the last step must be 100, got ${weights.at(-1)}`, `add 100: [${weights.join(', ')}, 100]`);
  return weights;
}

/** Where the rollout stands: one of its steps, or 0. */
export function currentWeight(path: string, strategy: Strategy, weights: readonly number[], at: number | undefined): number {
  if (strategy === 'Shadow') {
    if (at !== undefined && at !== 0) throw misuse(path, `a Shadow has no share of the requests, got at ${at}`, 'use strategy Weighted to send it requests');
    return 0;
  }
  const start = strategy === 'BlueGreen' ? 0 : (weights[0] ?? 0);
  const weight = at ?? start;
  if (weight === 0 || weights.includes(weight)) return weight;
  throw misuse(path, `at must be 0 (rolled back) or one of the steps ${weights.join(', ')}, got ${weight}`, 'take one of them, or add it to steps');
}
