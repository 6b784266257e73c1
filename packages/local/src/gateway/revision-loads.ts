import type { Clock } from 'cdk8s-kserve-controller';
import { Load } from './load';

/** The load of every Knative revision that requests were sent to, by `namespace/revision`, and who wakes one. */
export class RevisionLoads {
  private readonly clock: Clock;
  private readonly loads = new Map<string, Load>();
  /** Called when a request waits for a revision without a pod. */
  onActivate: (revision: string) => void = () => undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  of(revision: string): Load {
    const known = this.loads.get(revision);
    if (known) return known;
    const load = new Load(() => this.clock.now());
    this.loads.set(revision, load);
    return load;
  }

  forget(revision: string): void {
    this.loads.delete(revision);
  }
}
