import { StatusError } from '../status-error';

/**
 * Runs a level-based step for each key some time after it was asked for, outside of the write that asked; a key asked for
 * twice before its turn runs once.
 */
export class WorkQueue {
  private readonly step: (key: string) => void;
  private readonly pending = new Set<string>();
  private scheduled: NodeJS.Immediate | undefined;
  private stopped = false;

  constructor(step: (key: string) => void) {
    this.step = step;
  }

  add(key: string): void {
    if (this.stopped) return;
    this.pending.add(key);
    this.scheduled ??= setImmediate(() => this.drain());
  }

  stop(): void {
    this.stopped = true;
    this.pending.clear();
    if (this.scheduled) clearImmediate(this.scheduled);
  }

  /** A write that the server refuses (a namespace that may not go, an object that just changed) waits for the next event. */
  private run(key: string): void {
    try {
      this.step(key);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }

  private drain(): void {
    this.scheduled = undefined;
    const keys = [...this.pending];
    this.pending.clear();
    for (const key of keys) this.run(key);
  }
}
