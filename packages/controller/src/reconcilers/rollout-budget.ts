import type { Clock } from '../engine/clock';

/** How many services may restart at once because of a change that is not theirs: a number, or a share of all in per cent. */
export type BudgetLimit = { readonly count: number } | { readonly percent: number };

export const DEFAULT_BUDGET: BudgetLimit = { percent: 10 };

export interface RolloutBudgetOptions {
  readonly limit: BudgetLimit;
  /** How many services there are. */
  readonly total: () => number;
  /** Called for each service whose turn may have come. */
  readonly wake: (key: string) => void;
  readonly clock: Clock;
  /** Once no place was given or given back for so long, in milliseconds, those who wait say so. */
  readonly patienceMs: number;
}

/**
 * Turns for services that follow an edit of something shared: a runtime, the platform's config, a new version of the
 * controller. A place is given back only by a service that is ready again, so an edit that breaks services stops at the
 * first few of them.
 */
export class RolloutBudget {
  private readonly options: RolloutBudgetOptions;
  private readonly rolling = new Set<string>();
  /** Woken, and a place is kept for them until they ask: nobody is woken in vain. */
  private readonly granted = new Set<string>();
  /** In the order of their asking. */
  private readonly waiting = new Set<string>();
  private movedAt: number;

  constructor(options: RolloutBudgetOptions) {
    this.options = options;
    this.movedAt = options.clock.now();
  }

  /** Milliseconds until waiting is worth a word; none are left once the turns have come to a halt. */
  get patienceLeftMs(): number {
    return Math.max(0, this.movedAt + this.options.patienceMs - this.options.clock.now());
  }

  /** Takes back the places of services that were rolling when the controller before us ended. */
  restore(keys: readonly string[]): void {
    keys.forEach((key) => this.rolling.add(key));
  }

  /** Whether a service may restart now. If not, it is woken when its turn comes. */
  enter(key: string): boolean {
    if (!this.rolling.has(key) && !this.granted.delete(key) && this.isFull()) {
      this.waiting.add(key);
      return false;
    }
    this.waiting.delete(key);
    if (!this.rolling.has(key)) this.movedAt = this.options.clock.now();
    this.rolling.add(key);
    return true;
  }

  holds(key: string): boolean {
    return this.rolling.has(key);
  }

  /** The service is ready again, gone, or has nothing to follow any more. */
  leave(key: string): void {
    this.waiting.delete(key);
    this.granted.delete(key);
    if (this.rolling.delete(key)) this.movedAt = this.options.clock.now();
    for (const next of this.waiting) {
      if (this.isFull()) {
        return;
      }
      this.waiting.delete(next);
      this.granted.add(next);
      this.options.wake(next);
    }
  }

  /** In words: `at most 3 services`. */
  get limit(): string {
    const { limit } = this.options;
    if ('percent' in limit) return `at most ${limit.percent}% of the services`;
    return limit.count === 1 ? 'one service' : `at most ${limit.count} services`;
  }

  /** How many services restart now. */
  get restarting(): number {
    return this.rolling.size;
  }

  get queued(): number {
    return this.waiting.size;
  }

  private isFull(): boolean {
    const { limit, total } = this.options;
    const places = 'count' in limit ? limit.count : Math.max(1, Math.floor((total() * limit.percent) / 100));
    return this.rolling.size + this.granted.size >= places;
  }
}
