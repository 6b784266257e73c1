import type { RollingUpdate } from './types';

/** One ReplicaSet of a Deployment, as far as a rollout looks at it. */
export interface RolloutSet {
  readonly name: string;
  /** Replicas it is told to have. */
  readonly replicas: number;
  readonly available: number;
  /** Pods that exist, those that are ending included. */
  readonly existing: number;
}

export interface RolloutInput {
  /** Replicas of the Deployment. */
  readonly replicas: number;
  readonly strategy: { readonly type: 'RollingUpdate' | 'Recreate'; readonly rollingUpdate?: RollingUpdate };
  readonly current: RolloutSet;
  /** Oldest first. */
  readonly old: readonly RolloutSet[];
}

/** The replicas each ReplicaSet should have next, by name; only those that change. The algorithm is Kubernetes' own. */
export function planRollout(input: RolloutInput): ReadonlyMap<string, number> {
  return input.strategy.type === 'Recreate' ? recreate(input) : rollingUpdate(input);
}

/** How many pods more, and how many available pods fewer, a rolling update may have. */
export function rolloutBounds(replicas: number, rolling: RollingUpdate = {}): { readonly maxSurge: number; readonly maxUnavailable: number } {
  const maxSurge = share(rolling.maxSurge ?? '25%', replicas, Math.ceil);
  const maxUnavailable = share(rolling.maxUnavailable ?? '25%', replicas, Math.floor);
  // Both zero could never move; Kubernetes then lets one pod be missing.
  return maxSurge === 0 && maxUnavailable === 0 ? { maxSurge, maxUnavailable: 1 } : { maxSurge, maxUnavailable: Math.min(maxUnavailable, replicas) };
}

function rollingUpdate({ replicas, strategy, current, old }: RolloutInput): ReadonlyMap<string, number> {
  const { maxSurge, maxUnavailable } = rolloutBounds(replicas, strategy.rollingUpdate);
  const total = current.replicas + sum(old, (s) => s.replicas);
  if (current.replicas > replicas) return new Map([[current.name, replicas]]);
  if (current.replicas < replicas) {
    const room = replicas + maxSurge - total;
    if (room > 0) return new Map([[current.name, current.replicas + Math.min(room, replicas - current.replicas)]]);
  }
  const minAvailable = replicas - maxUnavailable;
  const spare = total - minAvailable - (current.replicas - Math.min(current.available, current.replicas));
  return spare > 0 ? scaleDownOld(old, spare, current.available, minAvailable) : new Map();
}

/** Pods that do not serve go first, then those that do, as long as enough stay available. */
function scaleDownOld(old: readonly RolloutSet[], spare: number, currentAvailable: number, minAvailable: number): ReadonlyMap<string, number> {
  const next = new Map<string, number>();
  let budget = spare;
  for (const set of old) {
    const broken = Math.min(budget, Math.max(0, set.replicas - set.available));
    if (broken > 0) next.set(set.name, set.replicas - broken);
    budget -= broken;
  }
  let serving = currentAvailable + sum(old, (s) => s.available) - minAvailable;
  for (const set of old) {
    const replicas = next.get(set.name) ?? set.replicas;
    const fewer = Math.min(replicas, budget, Math.max(0, serving));
    if (fewer > 0) next.set(set.name, replicas - fewer);
    serving -= fewer;
    budget -= fewer;
  }
  return next;
}

function recreate({ replicas, current, old }: RolloutInput): ReadonlyMap<string, number> {
  const running = old.filter((s) => s.replicas > 0);
  if (running.length > 0) return new Map(running.map((s) => [s.name, 0]));
  if (sum(old, (s) => s.existing) > 0 || current.replicas === replicas) return new Map();
  return new Map([[current.name, replicas]]);
}

function share(value: number | string, of: number, round: (n: number) => number): number {
  const percent = typeof value === 'string' && value.endsWith('%') ? Number(value.slice(0, -1)) : undefined;
  return Math.max(0, percent === undefined ? Number(value) || 0 : round((of * percent) / 100));
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
