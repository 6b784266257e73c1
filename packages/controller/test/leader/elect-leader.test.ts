import type { KubeObject } from 'cdk8s-kserve/api';
import type { KubeApi } from '../../src/kube/kube-api';
import { KubeApiError } from '../../src/kube/kube-api-error';
import { electLeader } from '../../src/leader/elect-leader';
import { FakeClock } from '../support/fake-clock';

/** An API server that holds one lease, with optimistic concurrency. */
class LeaseServer {
  lease: KubeObject | undefined;
  down = false;
  private version = 0;

  readonly api = {
    get: () => this.answer(() => this.lease),
    create: (object: KubeObject) => this.answer(() => this.store(object, this.lease === undefined)),
    replace: (object: KubeObject) => this.answer(() => this.store(object, this.lease?.metadata.resourceVersion === object.metadata.resourceVersion)),
  } as Partial<KubeApi> as KubeApi;

  get holder(): string | undefined {
    return (this.lease?.['spec'] as { holderIdentity?: string } | undefined)?.holderIdentity;
  }

  private store(object: KubeObject, allowed: boolean): KubeObject {
    if (!allowed) throw new KubeApiError({ request: 'PUT lease', statusCode: 409, reason: 'Conflict' });
    this.lease = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.version) } };
    return this.lease;
  }

  private answer<T>(give: () => T): Promise<T> {
    return new Promise((resolve) => {
      if (this.down) throw new KubeApiError({ request: 'lease', statusCode: 500 });
      resolve(give());
    });
  }
}

interface Candidate {
  readonly stop: AbortController;
  readonly ended: Promise<string>;
}

let clock: FakeClock;
let server: LeaseServer;
let leading: Set<string>;
/** Whether two ever led at the same time. */
let clash: boolean;

beforeEach(() => {
  clock = new FakeClock();
  server = new LeaseServer();
  leading = new Set();
  clash = false;
});

function candidate(identity: string): Candidate {
  const stop = new AbortController();
  const lead = async (signal: AbortSignal): Promise<void> => {
    leading.add(identity);
    clash ||= leading.size > 1;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    leading.delete(identity);
  };
  const ended = electLeader({ api: server.api, namespace: 'kserve', name: 'lease', identity, lead, signal: stop.signal, clock }).then(() => 'stopped', (error: Error) => error.message);
  return { stop, ended };
}

afterEach(() => expect(clash).toBe(false));

describe('leader election', () => {
  it('lets one of two lead', async () => {
    const both = [candidate('a'), candidate('b')];
    await clock.advance(60_000);
    expect([...leading]).toHaveLength(1);
    both.forEach((c) => c.stop.abort());
    await Promise.all(both.map((c) => c.ended));
  });

  it('hands over at once when the leader stops in good order', async () => {
    const a = candidate('a');
    await clock.advance(1);
    const b = candidate('b');
    await clock.advance(5_000);
    expect([...leading]).toEqual(['a']);
    a.stop.abort();
    expect(await a.ended).toBe('stopped');
    expect(server.holder).toBe('');
    await clock.advance(2_000);
    expect([...leading]).toEqual(['b']);
    b.stop.abort();
    await b.ended;
  });

  it('takes over from a holder that is dead, not before its lease has run out', async () => {
    server.lease = {
      apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'lease', namespace: 'kserve', resourceVersion: '0' },
      // Its clock is years ahead: what it wrote must not matter.
      spec: { holderIdentity: 'dead', leaseDurationSeconds: 15, renewTime: '2099-01-01T00:00:00.000000Z', leaseTransitions: 3 },
    };
    const a = candidate('a');
    await clock.advance(14_000);
    expect(leading.size).toBe(0);
    await clock.advance(4_000);
    expect([...leading]).toEqual(['a']);
    expect(server.lease?.['spec']).toMatchObject({ holderIdentity: 'a', leaseTransitions: 4 });
    a.stop.abort();
    await a.ended;
  });

  it('stops leading when the lease cannot be renewed, before another may take it', async () => {
    const a = candidate('a');
    await clock.advance(1_000);
    server.down = true;
    await clock.advance(12_500);
    expect(leading.size).toBe(0);
    expect(await a.ended).toContain('lease lease was not renewed within 10000 ms');
    server.down = false;
    const b = candidate('b');
    await clock.advance(20_000);
    expect([...leading]).toEqual(['b']);
    b.stop.abort();
    await b.ended;
  });

  it('survives a short outage', async () => {
    const a = candidate('a');
    await clock.advance(1_000);
    server.down = true;
    await clock.advance(6_000);
    server.down = false;
    await clock.advance(30_000);
    expect([...leading]).toEqual(['a']);
    a.stop.abort();
    expect(await a.ended).toBe('stopped');
  });

  it('gives way when its lease was taken', async () => {
    const a = candidate('a');
    await clock.advance(1_000);
    server.lease = { ...(server.lease as KubeObject), metadata: { name: 'lease', resourceVersion: '99' }, spec: { holderIdentity: 'thief', leaseDurationSeconds: 15 } };
    await clock.advance(3_000);
    expect(leading.size).toBe(0);
    expect(await a.ended).toContain('not renewed');
    expect(server.holder).toBe('thief');
  });
});
