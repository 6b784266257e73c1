import { Backend } from '../../src/gateway/backend';
import { Load } from '../../src/gateway/load';
import { ManualClock } from '../support/manual-clock';

const pods = (...ports: number[]) => ports.map((port) => ({ host: '127.0.0.1', port, pod: `pod-${port}` }));
const never = new AbortController().signal;

function backend(ports: readonly number[], limit = 0) {
  const clock = new ManualClock();
  const made = new Backend('default/web:80', clock);
  made.setLimit(limit);
  made.setEndpoints(pods(...ports));
  return { clock, made };
}

test('requests go around, and to the least busy pod', () => {
  const { made } = backend([1, 2, 3]);
  const taken = [made.tryAcquire(), made.tryAcquire(), made.tryAcquire()];
  expect(taken.map((e) => e?.port)).toEqual([1, 2, 3]);
  if (taken[1]) made.release(taken[1]);
  expect(made.tryAcquire()?.port).toBe(2);
});

test('a pod at its limit is not sent more; who waits is served in order', async () => {
  const { made } = backend([1], 1);
  const first = made.tryAcquire();
  expect(made.tryAcquire()).toBeUndefined();
  const order: string[] = [];
  const a = made.acquire(1000, never).then((e) => (order.push('a'), e));
  const b = made.acquire(1000, never).then((e) => (order.push('b'), e));
  if (first) made.release(first);
  const second = await a;
  expect(made.waiting).toBe(1);
  if (second) made.release(second);
  await b;
  expect(order).toEqual(['a', 'b']);
});

test('waiting ends with a pod, with time, or with the client', async () => {
  const { clock, made } = backend([]);
  const gone = new AbortController();
  const waits = [made.acquire(500, never), made.acquire(5000, gone.signal), made.acquire(5000, never)];
  await clock.advance(500);
  gone.abort();
  made.setEndpoints(pods(7));
  expect((await Promise.all(waits)).map((e) => e?.port)).toEqual([undefined, undefined, 7]);
});

test('a pod that refused is avoided for a moment only', async () => {
  const { clock, made } = backend([1]);
  const endpoint = made.tryAcquire();
  if (!endpoint) throw new Error('no endpoint');
  made.release(endpoint);
  made.avoid(endpoint);
  expect(made.tryAcquire()).toBeUndefined();
  const waiting = made.acquire(1000, never);
  await clock.advance(200);
  expect((await waiting)?.port).toBe(1);
});

test('load is averaged over time', async () => {
  const clock = new ManualClock();
  const load = new Load(() => clock.now());
  load.begin();
  load.begin();
  await clock.advance(500);
  load.end();
  await clock.advance(500);
  expect(load.sample()).toEqual({ concurrency: 1.5, requestsPerSecond: 1 });
  expect(load.activeAt).toBe(clock.now());
  load.end();
  const ended = clock.now();
  await clock.advance(1000);
  expect(load.sample()).toEqual({ concurrency: 0, requestsPerSecond: 1 });
  expect(load.activeAt).toBe(ended);
});
