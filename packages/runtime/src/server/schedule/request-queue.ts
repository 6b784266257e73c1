import { IsvcError } from 'cdk8s-kserve/api';
import type { DurationHistogram } from '../../metrics/duration-histogram';

export interface RequestQueueOptions {
  /** Requests that are worked on at once. */
  readonly concurrency: number;
  /** Requests that may wait; more are refused. */
  readonly limit: number;
  /** Gets the seconds that each request has waited. */
  readonly waited: Pick<DurationHistogram, 'observe'>;
}

interface Waiting {
  readonly start: () => void;
  readonly since: number;
}

/**
 * Lets a bounded number of requests work and a bounded number wait, first come first served. What is refused at once can
 * be sent to another replica; what waits in memory cannot.
 */
export class RequestQueue {
  private readonly options: RequestQueueOptions;
  private readonly waiting = new Set<Waiting>();
  private running = 0;

  constructor(options: RequestQueueOptions) {
    this.options = options;
  }

  /** Requests that wait now. */
  get length(): number {
    return this.waiting.size;
  }

  /**
   * Runs `work` when it is its turn.
   *
   * @param signal takes a request that has not begun out of the queue.
   * @throws IsvcError ISVC_SERVER_OVERLOADED at once where the queue is full; whatever `signal` was aborted with.
   */
  async run<T>(work: () => T | Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.running < this.options.concurrency) this.running++;
    else await this.turn(signal);
    try {
      return await work();
    } finally {
      this.next();
    }
  }

  private turn(signal: AbortSignal | undefined): Promise<void> {
    const { limit, waited } = this.options;
    if (this.waiting.size >= limit) {
      throw new IsvcError('ISVC_SERVER_OVERLOADED', `The server is busy: ${this.waiting.size} requests wait already.`);
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.waiting.delete(entry);
        reject(signal?.reason);
      };
      const entry: Waiting = {
        since: performance.now(),
        start: () => {
          signal?.removeEventListener('abort', leave);
          waited.observe((performance.now() - entry.since) / 1000);
          resolve();
        },
      };
      this.waiting.add(entry);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** Hands the place of a finished request to the next one. */
  private next(): void {
    const [first] = this.waiting;
    if (first) {
      this.waiting.delete(first);
      first.start();
    } else this.running--;
  }
}
