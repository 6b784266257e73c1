import type { Clock } from 'cdk8s-kserve-controller';

/** How long a name may be between two routes. Longer than any change of hands here takes, short enough to be told of. */
const HANDOVER_MS = 3000;

/**
 * Names that went from one route to another a moment ago, or whose next route is still to come.
 *
 * A service that changes its mode keeps its in-cluster name, but neither mode can have the Service of that name while the
 * other has it. Nobody is to lose a request in between, so requests for such a name wait for its next owner.
 */
export class Handovers {
  private readonly clock: Clock;
  private readonly since = new Map<string, number>();
  private readonly waiting = new Set<() => void>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Takes names that are no longer of the route they were of, since the given time. */
  began(names: readonly string[], at: number): void {
    for (const [name, time] of this.since) if (at - time >= HANDOVER_MS) this.since.delete(name);
    for (const name of names) this.since.set(name, at);
  }

  /** Milliseconds that a request for the name may still wait; 0 for a name that has not changed hands lately. */
  patienceMs(name: string): number {
    const since = this.since.get(name);
    return since === undefined ? 0 : Math.max(0, since + HANDOVER_MS - this.clock.now());
  }

  /** Calls once: when a route has changed, or when the time is up. */
  wait(forMs: number, then: () => void): void {
    const once = (): void => {
      this.waiting.delete(once);
      cancel();
      then();
    };
    const cancel = this.clock.after(forMs, once);
    this.waiting.add(once);
  }

  /** Lets all that wait look again. */
  changed(): void {
    for (const look of [...this.waiting]) look();
  }
}
