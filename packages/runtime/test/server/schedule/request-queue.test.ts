import { Histogram } from '../../../src/metrics/histogram';
import { RequestQueue } from '../../../src/server/schedule/request-queue';

function queueOf(concurrency: number, limit: number): { readonly queue: RequestQueue; readonly waits: Histogram } {
  const waits = new Histogram([1]);
  return { queue: new RequestQueue({ concurrency, limit, waited: waits }), waits };
}

/** Work that ends when the test says so. */
function controlled(): { readonly work: () => Promise<string>; readonly end: (value: string) => void; readonly started: () => boolean } {
  let end: (value: string) => void = () => {};
  let begun = false;
  const promise = new Promise<string>((resolve) => (end = resolve));
  return { work: () => ((begun = true), promise), end, started: () => begun };
}

test('as many as allowed work, the rest waits in order, and what is too much is refused at once', async () => {
  const { queue, waits } = queueOf(1, 2);
  const [first, second, third] = [controlled(), controlled(), controlled()] as const;
  const outcomes = [queue.run(first.work), queue.run(second.work), queue.run(third.work)];
  await expect(queue.run(async () => 'never')).rejects.toMatchObject({ code: 'ISVC_SERVER_OVERLOADED', message: expect.stringContaining('2 requests wait') });
  expect([first.started(), second.started(), queue.length]).toEqual([true, false, 2]);
  first.end('a');
  expect(await outcomes[0]).toBe('a');
  expect([second.started(), third.started()]).toEqual([true, false]);
  second.end('b');
  third.end('c');
  expect(await Promise.all(outcomes)).toEqual(['a', 'b', 'c']);
  expect(waits.cumulative().at(-1)).toBe(2);
  expect(await queue.run(() => 'free again')).toBe('free again');
});

test('a request whose time is over leaves the queue and frees its place', async () => {
  const { queue } = queueOf(1, 1);
  const running = controlled();
  const first = queue.run(running.work);
  const controller = new AbortController();
  const waiting = queue.run(async () => 'never', controller.signal);
  const refused = expect(waiting).rejects.toBe('late');
  controller.abort('late');
  await refused;
  expect(queue.length).toBe(0);
  running.end('done');
  expect(await first).toBe('done');
});

test('work that fails gives its place to the next', async () => {
  const { queue } = queueOf(1, 1);
  const results = await Promise.allSettled([queue.run(() => Promise.reject(new Error('no'))), queue.run(() => 'next')]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
});
