import fc from 'fast-check';
import { WorkQueue } from '../../src/engine/work-queue';
import { FakeClock, settle } from '../support/fake-clock';

function newQueue(): { clock: FakeClock; queue: WorkQueue } {
  const clock = new FakeClock();
  return { clock, queue: new WorkQueue({ clock, backoff: { baseMs: 100, maxMs: 1000, random: () => 0 } }) };
}

describe('WorkQueue', () => {
  test('a key added many times is handed out once', async () => {
    const { queue } = newQueue();
    queue.add('a');
    queue.add('a');
    queue.add('b');
    expect([await queue.take(), await queue.take()]).toEqual(['a', 'b']);
    expect(queue.depth).toBe(0);
  });

  test('a key added while it is processed comes back after done, and not before', async () => {
    const { queue } = newQueue();
    queue.add('a');
    await queue.take();
    queue.add('a');
    queue.add('a');
    const second = queue.take();
    const early = jest.fn();
    void second.then(early);
    await settle();
    expect(early).not.toHaveBeenCalled();
    queue.done('a');
    expect(await second).toBe('a');
    queue.done('a');
    expect(queue.idle).toBe(true);
  });

  test('of two delays the earlier one counts, whichever was asked for first', async () => {
    const { clock, queue } = newQueue();
    queue.addAfter('a', 500);
    queue.addAfter('a', 100);
    queue.addAfter('a', 300);
    await clock.advance(99);
    expect(queue.depth).toBe(0);
    await clock.advance(1);
    expect(queue.depth).toBe(1);
    expect(clock.nextIn).toBeUndefined();
  });

  test('each failure doubles the delay up to the maximum, and forget starts over', () => {
    const { queue } = newQueue();
    const delays = Array.from({ length: 6 }, () => queue.retry('a'));
    expect(delays).toEqual([100, 200, 400, 800, 1000, 1000]);
    queue.forget('a');
    expect(queue.retry('a')).toBe(100);
    expect(queue.retry('b')).toBe(100);
  });

  test('a server that asks for more patience than the back-off gets it', () => {
    const { queue } = newQueue();
    expect(queue.retry('a', 5000)).toBe(5000);
  });

  test('an event does not wait for the back-off of an earlier failure', async () => {
    const { queue } = newQueue();
    queue.retry('a');
    queue.add('a');
    expect(await queue.take()).toBe('a');
  });

  test('shutting down releases the takers, drops what waits and cancels the timers', async () => {
    const { clock, queue } = newQueue();
    const waiting = queue.take();
    queue.addAfter('later', 100);
    queue.shutDown();
    queue.add('more');
    expect(await waiting).toBeUndefined();
    expect(await queue.take()).toBeUndefined();
    expect(clock.nextIn).toBeUndefined();
  });

  test('whatever happens in whatever order, no key is held twice and every add is followed by a take', async () => {
    const step = fc.record({ what: fc.constantFrom('add', 'take', 'done'), key: fc.constantFrom('a', 'b', 'c') });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { queue } = newQueue();
        const held = new Set<string>();
        const owed = new Set<string>();
        const onTaken = (key: string | undefined): void => {
          if (key === undefined) return;
          expect(held.has(key)).toBe(false);
          held.add(key);
          owed.delete(key);
        };
        for (const { what, key } of steps) {
          if (what === 'add') {
            owed.add(key);
            queue.add(key);
          } else if (what === 'take') {
            void queue.take().then(onTaken);
          } else if (held.delete(key)) {
            queue.done(key);
          }
          await settle();
        }
        for (let round = 0; owed.size > 0 && round < 10; round++) {
          for (const key of [...held]) {
            held.delete(key);
            queue.done(key);
          }
          void queue.take().then(onTaken);
          await settle();
        }
        expect([...owed]).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
