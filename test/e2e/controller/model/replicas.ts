import { IsvcError } from 'cdk8s-kserve/api';
import { electLeader, fencedKubeApi, HttpKubeApi, KubeApiError, startController, type KubeConnection, type RunningController } from 'cdk8s-kserve-controller';
import { ObservedKubeApi, type Call, type Landed } from '../support/observed-kube-api';

/** A write of the controller, and which of its processes sent it. */
export interface ControllerWrite extends Landed {
  readonly replica: string;
}

interface Replica {
  readonly identity: string;
  readonly api: ObservedKubeApi;
  readonly client: HttpKubeApi;
  readonly end: AbortController;
  controller?: RunningController;
  done: Promise<void>;
}

export const LEASE = 'model-test';

/** Controllers that compete for a lease, as `isvc-controller --leader-elect` runs them, in this process. */
export class Replicas {
  readonly writes: ControllerWrite[] = [];
  /** What a request of theirs meets in place of an answer. */
  fault: (call: Call) => Error | undefined = () => undefined;
  private readonly connection: KubeConnection;
  private readonly namespace: string;
  private readonly running: Replica[] = [];
  private started = 0;

  constructor(connection: KubeConnection, namespace: string) {
    this.connection = connection;
    this.namespace = namespace;
  }

  start(): void {
    const identity = `replica-${++this.started}`;
    const client = new HttpKubeApi(this.connection);
    const api = new ObservedKubeApi(client);
    api.before = (call) => {
      const fault = this.fault(call);
      if (fault) throw fault;
    };
    api.landed = (write) => {
      if (write.kind !== 'Lease' && write.kind !== 'Event') this.writes.push({ ...write, replica: identity });
    };
    const replica: Replica = { identity, api, client, end: new AbortController(), done: Promise.resolve() };
    this.running.push(replica);
    replica.done = this.candidate(replica);
  }

  /** Whether one leads and has nothing to do. */
  get idle(): boolean {
    return this.running.some((r) => r.controller?.idle === true);
  }

  /** The one that started first ends in order, as on SIGTERM. */
  async stopOne(): Promise<void> {
    const replica = this.running.shift();
    if (replica) await this.finish(replica);
  }

  /** As on SIGKILL: not a request more reaches the server, and the lease stays with the dead. */
  async killOne(): Promise<void> {
    const replica = this.running.find((r) => r.controller) ?? this.running[0];
    if (!replica) return;
    this.running.splice(this.running.indexOf(replica), 1);
    replica.api.before = () => {
      throw new IsvcError('ISVC_KUBE_UNREACHABLE', 'this process is dead');
    };
    replica.client.close();
    await this.finish(replica);
  }

  async stopAll(): Promise<void> {
    while (this.running.length > 0) await this.stopOne();
  }

  private async finish(replica: Replica): Promise<void> {
    replica.end.abort();
    await replica.done;
    replica.client.close();
  }

  private async candidate(replica: Replica): Promise<void> {
    const { api, end, identity } = replica;
    const lead = async (signal: AbortSignal, holds: () => boolean): Promise<void> => {
      replica.controller = startController({ api: fencedKubeApi(api, holds), namespaces: [this.namespace], namespace: this.namespace, redetectMs: 50, statusSettleMs: 20 });
      await new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
      await replica.controller.stop();
      delete replica.controller;
    };
    while (!end.signal.aborted) {
      try {
        await electLeader({ api, identity, namespace: this.namespace, name: LEASE, durationMs: 3_000, renewDeadlineMs: 2_000, retryMs: 200, lead, signal: end.signal });
      } catch (error) {
        // A process that loses its lease ends, and is started again as a candidate.
        if (!(error instanceof IsvcError && error.code === 'ISVC_KUBE_LEASE_LOST')) throw error;
      }
    }
  }
}

/** Refusals of an API server that has trouble. */
export function troubleOf(random: () => number): Error {
  const [statusCode = 500, reason = ''] = [[409, 'Conflict'], [429, 'TooManyRequests'], [500, 'InternalError'], [503, 'ServiceUnavailable']][Math.floor(random() * 5)] as [number, string] | undefined ?? [];
  return reason ? new KubeApiError({ request: 'a request of the model test', statusCode, reason, message: 'a fault of the test' }) : new IsvcError('ISVC_KUBE_UNREACHABLE', 'a fault of the test');
}
