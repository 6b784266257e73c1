import { backoffDelay, type BackoffOptions } from './backoff';
import { systemClock, type Clock } from './clock';

export interface WorkQueueOptions {
  readonly clock?: Clock;
  /** How long a failing key waits. @default 100 ms doubling to 60 s, less up to 30 % */
  readonly backoff?: BackoffOptions;
}

/**
 * Keys that wait for work. A key waits at most once however often it is added; while it is being worked on it is not
 * handed out again, but an `add` in the meantime is kept and hands it out once more after `done`. So no change is
 * lost, no two workers meet on one key, and a burst of events costs one run.
 */
export class WorkQueue {
  private readonly clock: Clock;
  private readonly backoff: BackoffOptions;
  /** In the order of handing out; a Set keeps insertion order and deduplicates. */
  private readonly ready = new Set<string>();
  private readonly processing = new Set<string>();
  /** Added while processing: they become ready when they are done. */
  private readonly again = new Set<string>();
  private readonly delayed = new Map<string, { readonly at: number; readonly cancel: () => void }>();
  private readonly failures = new Map<string, number>();
  private readonly takers: ((key: string | undefined) => void)[] = [];
  private shut = false;

  constructor(options: WorkQueueOptions = {}) {
    this.clock = options.clock ?? systemClock;
    this.backoff = options.backoff ?? { baseMs: 100, maxMs: 60_000 };
  }

  /** Keys that are ready now. */
  get depth(): number {
    return this.ready.size + this.again.size;
  }

  /** Nothing is ready and nothing is being worked on; delayed keys may still wait. */
  get idle(): boolean {
    return this.ready.size === 0 && this.processing.size === 0;
  }

  add(key: string): void {
    if (this.shut) {
      return;
    }
    if (this.processing.has(key)) {
      this.again.add(key);
      return;
    }
    this.ready.add(key);
    this.handOut();
  }

  /** Adds the key after `ms`. Of several delays of one key the earliest counts. */
  addAfter(key: string, ms: number): void {
    if (this.shut) {
      return;
    }
    if (ms <= 0) {
      this.add(key);
      return;
    }
    const at = this.clock.now() + ms;
    const waiting = this.delayed.get(key);
    if (waiting && waiting.at <= at) {
      return;
    }
    waiting?.cancel();
    const cancel = this.clock.after(ms, () => {
      this.delayed.delete(key);
      this.add(key);
    });
    this.delayed.set(key, { at, cancel });
  }

  /** Adds the key after its own back-off, which doubles until `forget`. Returns the delay in milliseconds. */
  retry(key: string, atLeastMs = 0): number {
    const failures = (this.failures.get(key) ?? 0) + 1;
    this.failures.set(key, failures);
    const delay = Math.max(atLeastMs, backoffDelay(failures, this.backoff));
    this.addAfter(key, delay);
    return delay;
  }

  /** The key succeeded or is given up: its next failure starts at the first delay again. */
  forget(key: string): void {
    this.failures.delete(key);
  }

  /** The next key, as soon as there is one; undefined when the queue has been shut. The taker calls `done`. */
  take(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.takers.push(resolve);
      this.handOut();
    });
  }

  done(key: string): void {
    this.processing.delete(key);
    if (this.again.delete(key)) {
      this.add(key);
    }
  }

  /** No key is handed out any more; waiting takers get undefined and timers are cancelled. */
  shutDown(): void {
    this.shut = true;
    for (const { cancel } of this.delayed.values()) {
      cancel();
    }
    this.delayed.clear();
    this.ready.clear();
    this.again.clear();
    this.handOut();
  }

  private handOut(): void {
    while (this.takers.length > 0) {
      if (this.shut) {
        this.takers.shift()?.(undefined);
        continue;
      }
      const next = this.ready.values().next();
      if (next.done) {
        return;
      }
      this.ready.delete(next.value);
      this.processing.add(next.value);
      this.takers.shift()?.(next.value);
    }
  }
}
