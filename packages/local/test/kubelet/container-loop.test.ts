import type { Container } from 'cdk8s-kserve/api';
import type { Child, ChildExit } from '../../src/kubelet/child';
import { ContainerLoop, type ContainerLoopOptions } from '../../src/kubelet/container-loop';
import { LogRing } from '../../src/kubelet/log-ring';
import { PodNotStartable } from '../../src/kubelet/pod-files';
import { ManualClock, settle } from '../support/manual-clock';

/** A process that ends when the test says so. */
class FakeChild implements Child {
  readonly pid = 1;
  readonly signals: string[] = [];
  readonly exited: Promise<ChildExit>;
  exit: (exit: ChildExit) => void = () => undefined;
  private readonly obedient: boolean;

  constructor(obedient = true) {
    this.obedient = obedient;
    this.exited = new Promise((resolve) => (this.exit = resolve));
  }

  signal(name: NodeJS.Signals): void {
    this.signals.push(name);
    if (name === 'SIGKILL') this.exit({ exitCode: 137, signal: 9 });
    else if (this.obedient) this.exit({ exitCode: 0 });
  }
}

function makeLoop(options: Partial<ContainerLoopOptions> & { readonly fields?: Partial<Container>; readonly obedient?: boolean } = {}) {
  const clock = new ManualClock();
  const children: FakeChild[] = [];
  const loop = new ContainerLoop({
    container: { name: 'main', ...options.fields },
    restartPolicy: 'Always',
    clock,
    backoff: { baseMs: 200, maxMs: 1000 },
    logs: new LogRing(),
    readTerminationLog: () => Promise.resolve(Buffer.alloc(0)),
    graceMs: 3000,
    start: async () => {
      const child = new FakeChild(options.obedient);
      children.push(child);
      return child;
    },
    probe: async () => ({ ok: true }),
    onChange: () => undefined,
    ...options,
  });
  return { clock, children, loop };
}

test('the back-off doubles up to its maximum', async () => {
  const { clock, children, loop } = makeLoop();
  const running = loop.run();
  const delays: (number | undefined)[] = [];
  for (let i = 0; i < 5; i++) {
    await settle();
    children[i]?.exit({ exitCode: 1 });
    await settle();
    expect(loop.state.waiting?.reason).toBe('CrashLoopBackOff');
    delays.push(clock.waits[0]);
    await clock.advance(clock.waits[0] ?? 0);
  }
  expect(delays).toEqual([200, 400, 800, 1000, 1000]);
  expect(loop.restartCount).toBe(5);
  await loop.stop(0);
  expect(await running).toBe(false);
});

test('a container that ran well for a while starts its back-off anew', async () => {
  const { clock, children, loop } = makeLoop();
  const running = loop.run();
  for (let i = 0; i < 3; i++) {
    await settle();
    children[i]?.exit({ exitCode: 1 });
    await settle();
    await clock.advance(clock.waits[0] ?? 0);
  }
  await clock.advance(60_000);
  children[3]?.exit({ exitCode: 1 });
  await settle();
  expect(clock.waits[0]).toBe(200);
  await loop.stop(0);
  await running;
});

test('what a container needs and lacks is looked for again', async () => {
  let missing = true;
  const child = new FakeChild();
  const { clock, loop } = makeLoop({
    start: () => (missing ? Promise.reject(new PodNotStartable('CreateContainerConfigError', 'Secret "s" does not exist')) : Promise.resolve(child)),
  });
  const running = loop.run();
  await settle();
  expect(loop.state.waiting).toEqual({ reason: 'CreateContainerConfigError', message: 'Secret "s" does not exist' });
  expect(loop.restartCount).toBe(0);
  missing = false;
  await clock.advance(200);
  expect(loop.state.running).toBeDefined();
  await loop.stop(1000);
  expect(child.signals).toEqual(['SIGTERM']);
  expect(await running).toBe(true);
});

test('a container that does not end in time is killed, not before', async () => {
  const { clock, children, loop } = makeLoop({ obedient: false });
  const running = loop.run();
  await settle();
  const stopped = loop.stop(3000);
  await clock.advance(2999);
  expect(children[0]?.signals).toEqual(['SIGTERM']);
  await clock.advance(1);
  await stopped;
  expect(children[0]?.signals).toEqual(['SIGTERM', 'SIGKILL']);
  expect(loop.state.terminated).toMatchObject({ exitCode: 137, signal: 9 });
  await running;
});

describe('a preStop hook', () => {
  test('comes before the container is told to end, and takes from its grace period', async () => {
    let done: () => void = () => undefined;
    const hooks: number[] = [];
    const preStop = (timeoutMs: number): Promise<void> => {
      hooks.push(timeoutMs);
      return new Promise((resolve) => (done = resolve));
    };
    const { clock, children, loop } = makeLoop({ obedient: false, preStop });
    const running = loop.run();
    await settle();
    const stopped = loop.stop(3000);
    await clock.advance(1000);
    expect([hooks, children[0]?.signals]).toEqual([[3000], []]);
    done();
    await settle();
    expect(children[0]?.signals).toEqual(['SIGTERM']);
    await clock.advance(2000);
    await stopped;
    expect(children[0]?.signals).toEqual(['SIGTERM', 'SIGKILL']);
    await running;
  });

  test('does not hold a container that ends by itself, nor one that is killed', async () => {
    const never = (): Promise<void> => new Promise(() => undefined);
    for (const end of ['exit', 'kill'] as const) {
      const { children, loop } = makeLoop({ preStop: never });
      const running = loop.run();
      await settle();
      const stopped = loop.stop(3000);
      if (end === 'exit') children[0]?.exit({ exitCode: 0 });
      else loop.kill();
      await stopped;
      await running;
      expect(loop.state.terminated?.exitCode).toBe(end === 'exit' ? 0 : 137);
    }
  });
});

describe('probes', () => {
  test('readiness is looked for eagerly, then at its period, and needs its thresholds', async () => {
    let ok = false;
    let probes = 0;
    const { clock, loop } = makeLoop({
      fields: { readinessProbe: { tcpSocket: { port: 1 }, initialDelaySeconds: 30, periodSeconds: 10, failureThreshold: 2 } },
      probe: async () => (probes++, ok ? { ok } : { ok, message: 'no' }),
    });
    const running = loop.run();
    await clock.advance(100);
    expect(probes).toBeGreaterThan(3);
    expect(loop.ready).toBe(false);
    ok = true;
    await clock.advance(40);
    expect(loop.ready).toBe(true);
    const eager = probes;
    ok = false;
    await clock.advance(10_000);
    expect([probes - eager, loop.ready]).toEqual([1, true]);
    await clock.advance(10_000);
    expect([probes - eager, loop.ready]).toEqual([2, false]);
    ok = true;
    await clock.advance(10_000);
    expect(loop.ready).toBe(true);
    await loop.stop(1000);
    await running;
    expect(loop.ready).toBe(false);
  });

  test('liveness waits for the startup probe, then kills after its failures', async () => {
    const results = { startupProbe: false, livenessProbe: true, readinessProbe: true };
    const asked: string[] = [];
    const probe = { tcpSocket: { port: 1 }, periodSeconds: 1, failureThreshold: 2 };
    const { clock, children, loop } = makeLoop({
      fields: { startupProbe: { ...probe, failureThreshold: 100 }, livenessProbe: probe },
      probe: async (kind) => (asked.push(kind), results[kind] ? { ok: true } : { ok: false, message: 'no' }),
    });
    const running = loop.run();
    await clock.advance(5000);
    expect(new Set(asked)).toEqual(new Set(['startupProbe']));
    expect(loop.started).toBe(false);
    results.startupProbe = true;
    await clock.advance(300);
    expect([loop.started, loop.ready]).toEqual([true, true]);
    results.livenessProbe = false;
    await clock.advance(1000);
    expect(children[0]?.signals).toEqual([]);
    await clock.advance(1000);
    expect(children[0]?.signals).toEqual(['SIGTERM']);
    await loop.stop(1000);
    await running;
  });

  test('a startup that takes longer than its probe allows is a restart', async () => {
    const { clock, children, loop } = makeLoop({
      fields: { startupProbe: { tcpSocket: { port: 1 }, periodSeconds: 1, failureThreshold: 3 } },
      probe: async () => ({ ok: false, message: 'no' }),
    });
    const running = loop.run();
    await clock.advance(2900);
    expect(children[0]?.signals).toEqual([]);
    await clock.advance(400);
    expect(children[0]?.signals).toEqual(['SIGTERM']);
    await loop.stop(0);
    await running;
  });
});
