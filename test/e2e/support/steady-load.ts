import { Agent } from 'node:http';
import type { Answer } from './ask';

export interface SteadyLoadOptions {
  readonly ask: (agent: Agent) => Promise<Answer>;
  /** Requests in flight at any time. */
  readonly callers: number;
  /** Of each caller between an answer and its next request, in milliseconds. @default 0 */
  readonly pauseMs?: number;
}

interface Waiting {
  count: number;
  readonly counts: Map<string, number>;
  readonly done: (counts: ReadonlyMap<string, number>) => void;
}

/** Requests without end, from callers that keep their connections, as clients under load do. */
export class SteadyLoad {
  /** Answers that are not 200, and broken connections, each with its time; empty when no request was lost. */
  readonly failures: string[] = [];
  private answers = 0;
  private waiting: Waiting | undefined;
  private stopped = false;
  private readonly options: SteadyLoadOptions;
  private readonly agent: Agent;
  private readonly callers: readonly Promise<void>[];

  constructor(options: SteadyLoadOptions) {
    this.options = options;
    this.agent = new Agent({ keepAlive: true, maxSockets: options.callers });
    this.callers = Array.from({ length: options.callers }, () => this.call());
  }

  /** Requests that were answered with 200 so far. */
  get answered(): number {
    return this.answers;
  }

  /** How often each body comes among so many answers from now on. */
  next(count: number): Promise<ReadonlyMap<string, number>> {
    return new Promise((done) => (this.waiting = { count, counts: new Map(), done }));
  }

  /** Lets the requests in flight end. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.callers);
    this.agent.destroy();
  }

  private async call(): Promise<void> {
    const { ask, pauseMs = 0 } = this.options;
    while (!this.stopped) {
      try {
        const { status, body } = await ask(this.agent);
        if (status === 200) this.answers += 1;
        else this.failures.push(`${new Date().toISOString()} ${status} ${body}`);
        this.count(body);
      } catch (error) {
        this.failures.push(`${new Date().toISOString()} ${String(error)}`);
      }
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  private count(body: string): void {
    const { waiting } = this;
    if (!waiting) return;
    waiting.counts.set(body, (waiting.counts.get(body) ?? 0) + 1);
    waiting.count -= 1;
    if (waiting.count > 0) return;
    this.waiting = undefined;
    waiting.done(waiting.counts);
  }
}
