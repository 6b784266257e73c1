import type { Clock } from 'cdk8s-kserve-controller';

/** One ready pod behind a backend. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Name of the pod, for messages. */
  readonly pod: string;
  /** Requests it is working on. */
  inFlight: number;
  /** It refused a connection; nobody is sent there before this time. */
  avoidUntil: number;
}

const AVOID_MS = 200;

interface Waiter {
  readonly give: (endpoint: Endpoint) => void;
}

/** The ready pods of one Service port, and the requests that wait for one of them. */
export class Backend {
  /** `namespace/service:port`, for messages. */
  readonly name: string;
  private readonly clock: Clock;
  private readonly waiters = new Set<Waiter>();
  private endpoints: readonly Endpoint[] = [];
  private next = 0;
  /** Requests one pod takes at once; 0 is any number. */
  private limit = 0;
  private avoiding = 0;

  constructor(name: string, clock: Clock) {
    this.name = name;
    this.clock = clock;
  }

  get ready(): number {
    return this.endpoints.length;
  }

  get waiting(): number {
    return this.waiters.size;
  }

  setLimit(requestsPerPod: number): void {
    this.limit = requestsPerPod;
    this.serveWaiters();
  }

  /** Takes the pods that are ready now; those known before keep their count of requests. */
  setEndpoints(addresses: readonly { readonly host: string; readonly port: number; readonly pod: string }[]): void {
    const known = new Map(this.endpoints.map((e) => [`${e.host}:${e.port}`, e]));
    this.endpoints = addresses.map((a) => known.get(`${a.host}:${a.port}`) ?? { ...a, inFlight: 0, avoidUntil: 0 });
    this.serveWaiters();
  }

  /** The least busy pod, round robin among equals; undefined when none is ready or all are at their limit. */
  tryAcquire(except?: Endpoint): Endpoint | undefined {
    const { endpoints, limit } = this;
    let best: Endpoint | undefined;
    const count = endpoints.length;
    // The clock is asked only while somebody is avoided: this runs for every request.
    const now = this.avoiding > 0 ? this.clock.now() : Number.POSITIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      const endpoint = endpoints[(this.next + i) % count];
      if (!endpoint || endpoint === except || (limit > 0 && endpoint.inFlight >= limit) || endpoint.avoidUntil > now) continue;
      if (best === undefined || endpoint.inFlight < best.inFlight) best = endpoint;
      if (best.inFlight === 0) break;
    }
    if (!best) return undefined;
    this.next = (endpoints.indexOf(best) + 1) % count;
    best.inFlight++;
    return best;
  }

  /** Waits in line for a pod. Undefined when the time is up or the signal aborts. */
  acquire(timeoutMs: number, signal: AbortSignal): Promise<Endpoint | undefined> {
    const endpoint = this.tryAcquire();
    if (endpoint || signal.aborted) return Promise.resolve(endpoint);
    return new Promise((resolve) => {
      const settle = (given: Endpoint | undefined): void => {
        this.waiters.delete(waiter);
        cancel();
        signal.removeEventListener('abort', giveUp);
        resolve(given);
      };
      const giveUp = (): void => settle(undefined);
      const waiter: Waiter = { give: settle };
      const cancel = this.clock.after(timeoutMs, giveUp);
      signal.addEventListener('abort', giveUp, { once: true });
      this.waiters.add(waiter);
    });
  }

  release(endpoint: Endpoint): void {
    endpoint.inFlight--;
    if (this.waiters.size > 0) this.serveWaiters();
  }

  /**
   * The pod refused a connection: nobody is sent there for a moment. Not for longer, since a process that was quickly
   * started again never leaves the Endpoints.
   */
  avoid(endpoint: Endpoint): void {
    endpoint.avoidUntil = this.clock.now() + AVOID_MS;
    this.avoiding++;
    this.clock.after(AVOID_MS, () => {
      this.avoiding--;
      this.serveWaiters();
    });
  }

  private serveWaiters(): void {
    for (const waiter of this.waiters) {
      const endpoint = this.tryAcquire();
      if (!endpoint) return;
      waiter.give(endpoint);
    }
  }
}
