import type { Clock } from '../../src/engine/clock';

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  private time = 0;
  private nextId = 0;
  private readonly timers = new Map<number, { readonly at: number; readonly callback: () => void }>();

  now(): number {
    return this.time;
  }

  after(ms: number, callback: () => void): () => void {
    const id = this.nextId++;
    this.timers.set(id, { at: this.time + ms, callback });
    return () => this.timers.delete(id);
  }

  /** Milliseconds until the next timer, or undefined when none waits. */
  get nextIn(): number | undefined {
    const times = [...this.timers.values()].map((t) => t.at);
    return times.length > 0 ? Math.min(...times) - this.time : undefined;
  }

  /** Moves time forward, firing timers in order, and lets promise callbacks run after each. */
  async advance(ms: number): Promise<void> {
    await settle(); // What is already under way happens now, not at the end of the jump.
    const end = this.time + ms;
    for (;;) {
      const due = [...this.timers].filter(([, t]) => t.at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) {
        break;
      }
      const [id, timer] = due;
      this.timers.delete(id);
      this.time = timer.at;
      timer.callback();
      await settle();
    }
    this.time = end;
    await settle();
  }
}

/** Lets all pending promise callbacks run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
