import { TerminalError } from 'cdk8s-kserve/api';
import { againIn, runReconciler } from '../../src/engine/run-reconciler';
import { WorkQueue } from '../../src/engine/work-queue';
import { KubeApiError } from '../../src/kube/kube-api-error';
import { FakeClock, settle } from '../support/fake-clock';

function newQueue(clock: FakeClock): WorkQueue {
  return new WorkQueue({ clock, backoff: { baseMs: 100, maxMs: 1000, random: () => 0 } });
}

describe('runReconciler', () => {
  test('never runs more reconciles at once than allowed, and never two of one key', async () => {
    const queue = newQueue(new FakeClock());
    const running: string[] = [];
    const release: (() => void)[] = [];
    let most = 0;
    const loop = runReconciler({
      name: 'test', queue, concurrency: 2,
      reconcile: async (key) => {
        expect(running).not.toContain(key);
        running.push(key);
        most = Math.max(most, running.length);
        await new Promise<void>((resolve) => release.push(resolve));
        running.splice(running.indexOf(key), 1);
      },
    });
    ['a', 'b', 'c', 'a', 'b'].forEach((key) => queue.add(key));
    await settle();
    expect(running).toEqual(['a', 'b']);
    queue.add('a');
    while (release.length > 0) {
      release.shift()?.();
      await settle();
    }
    expect(most).toBe(2);
    await loop.stop();
  });

  test('an error comes back after the back-off until it is gone', async () => {
    const clock = new FakeClock();
    const queue = newQueue(clock);
    const reconcile = jest.fn().mockRejectedValueOnce(new Error('one')).mockRejectedValueOnce(new Error('two')).mockResolvedValue(undefined);
    const loop = runReconciler({ name: 'test', queue, reconcile });
    queue.add('a');
    await settle();
    expect(reconcile).toHaveBeenCalledTimes(1);
    await clock.advance(100);
    expect(reconcile).toHaveBeenCalledTimes(2);
    await clock.advance(199);
    expect(reconcile).toHaveBeenCalledTimes(2);
    await clock.advance(1);
    expect(reconcile).toHaveBeenCalledTimes(3);
    await clock.advance(100_000);
    expect(reconcile).toHaveBeenCalledTimes(3);
    await loop.stop();
  });

  test('a TerminalError is not retried until the key is added again', async () => {
    const clock = new FakeClock();
    const queue = newQueue(clock);
    const reconcile = jest.fn().mockRejectedValue(new TerminalError('ISVC_API_INVALID_VALUE', 'no'));
    const loop = runReconciler({ name: 'test', queue, reconcile });
    queue.add('a');
    await clock.advance(1_000_000);
    expect(reconcile).toHaveBeenCalledTimes(1);
    queue.add('a');
    await settle();
    expect(reconcile).toHaveBeenCalledTimes(2);
    await loop.stop();
  });

  test('a server that names a time to stay away is obeyed', async () => {
    const clock = new FakeClock();
    const queue = newQueue(clock);
    const busy = new KubeApiError({ request: 'GET /', statusCode: 429, details: { retryAfterSeconds: 7 } });
    const reconcile = jest.fn().mockRejectedValueOnce(busy).mockResolvedValue(undefined);
    const loop = runReconciler({ name: 'test', queue, reconcile });
    queue.add('a');
    await clock.advance(6_999);
    expect(reconcile).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    expect(reconcile).toHaveBeenCalledTimes(2);
    await loop.stop();
  });

  test('a reconcile may ask to be called again later', async () => {
    const clock = new FakeClock();
    const queue = newQueue(clock);
    const reconcile = jest.fn().mockResolvedValueOnce({ requeueAfterMs: 5_000 }).mockResolvedValue(undefined);
    const loop = runReconciler({ name: 'test', queue, reconcile });
    queue.add('a');
    await clock.advance(4_999);
    expect(reconcile).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    expect(reconcile).toHaveBeenCalledTimes(2);
    await loop.stop();
  });

  test.each<[readonly (number | undefined)[], object]>([
    [[], {}], [[undefined, undefined], {}], [[5_000], { requeueAfterMs: 5_000 }], [[undefined, 5_000, 250], { requeueAfterMs: 250 }], [[0, 250], { requeueAfterMs: 0 }],
  ])('the soonest of the delays %p counts', (delays, expected) => {
    expect(againIn(...delays)).toEqual(expected);
  });

  test('stop waits for what runs and hands out nothing more', async () => {
    const queue = newQueue(new FakeClock());
    let finish = (): void => {};
    const reconcile = jest.fn(() => new Promise<void>((resolve) => (finish = resolve)));
    const loop = runReconciler({ name: 'test', queue, reconcile, concurrency: 1 });
    queue.add('a');
    queue.add('b');
    await settle();
    const stopped = jest.fn();
    const stopping = loop.stop().then(stopped);
    await settle();
    expect(stopped).not.toHaveBeenCalled();
    finish();
    await stopping;
    expect(reconcile).toHaveBeenCalledTimes(1);
  });

  test('a reconcile that outlives the grace is told by its signal', async () => {
    const queue = newQueue(new FakeClock());
    const loop = runReconciler({
      name: 'test', queue, graceMs: 0,
      reconcile: (_key, signal) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())),
    });
    queue.add('a');
    await settle();
    await loop.stop();
    expect(queue.idle).toBe(true);
  });
});
