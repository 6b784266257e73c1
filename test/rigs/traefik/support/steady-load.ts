import { Agent } from 'node:http';
import type { Answer } from './traefik';

/** Callers at once, and the pause of each between an answer and its next request. */
const CALLERS = 4;
const PAUSE_MS = 10;

/** Requests without end, from callers that keep their connections. */
export class SteadyLoad {
  /** Answers that are not 200, and broken connections. */
  readonly failures: string[] = [];
  private waiting: { count: number; readonly counts: Map<string, number>; readonly done: (counts: ReadonlyMap<string, number>) => void } | undefined;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  private readonly ask: (agent: Agent) => Promise<Answer>;
  private readonly callers: readonly Promise<void>[];
  private stopped = false;

  constructor(ask: (agent: Agent) => Promise<Answer>) {
    this.ask = ask;
    this.callers = Array.from({ length: CALLERS }, () => this.call());
  }

  /** How often each body comes among so many answers from now on. */
  next(count: number): Promise<ReadonlyMap<string, number>> {
    return new Promise((done) => (this.waiting = { count, counts: new Map(), done }));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.callers);
    this.agent.destroy();
  }

  private async call(): Promise<void> {
    while (!this.stopped) {
      try {
        const { status, body } = await this.ask(this.agent);
        if (status !== 200) this.failures.push(`${new Date().toISOString()} ${status} ${body}`);
        this.count(body);
      } catch (error) {
        this.failures.push(`${new Date().toISOString()} ${String(error)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
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
