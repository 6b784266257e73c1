import { LineSplitter } from '../../src/kubelet/line-splitter';
import { LogRing } from '../../src/kubelet/log-ring';

const texts = (ring: LogRing, count?: number): string[] => ring.tail(count).map((line) => line.text);

test('a ring keeps the last lines within its size', () => {
  const ring = new LogRing({ maxBytes: 100 });
  for (let i = 0; i < 1000; i++) ring.append({ at: i, text: `line ${i}` });
  const kept = texts(ring);
  expect(kept.at(-1)).toBe('line 999');
  expect(kept.join('\n').length).toBeLessThanOrEqual(100);
  expect(texts(ring, 2)).toEqual(['line 998', 'line 999']);
});

test('each run has its own lines, and the one before can be asked for', () => {
  const ring = new LogRing();
  expect(ring.hasPreviousRun).toBe(false);
  for (const run of ['one', 'two', 'three']) {
    ring.beginRun();
    ring.append({ at: 0, text: `${run} begins` });
    ring.append({ at: 1, text: `${run} ends` });
  }
  expect(texts(ring)).toEqual(['three begins', 'three ends']);
  expect([ring.hasPreviousRun, ring.tail(1, 'previous').map((line) => line.text)]).toEqual([true, ['two ends']]);
});

test('a line longer than the ring is kept alone', () => {
  const ring = new LogRing({ maxBytes: 10 });
  ring.append({ at: 0, text: 'short' });
  ring.append({ at: 1, text: 'x'.repeat(50) });
  expect(texts(ring)).toEqual(['x'.repeat(50)]);
});

test('a follower hears what comes after, until it leaves or the ring closes', () => {
  const ring = new LogRing();
  const heard: string[] = [];
  let ended = 0;
  ring.append({ at: 0, text: 'before' });
  const leave = ring.follow((line) => heard.push(line.text), () => ended++);
  ring.append({ at: 1, text: 'one' });
  leave();
  ring.append({ at: 2, text: 'two' });
  ring.follow(() => undefined, () => ended++);
  ring.close();
  expect([heard, ended]).toEqual([['one'], 1]);
});

test('lines are cut whatever the chunks, and characters stay whole', () => {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const byte of Buffer.from('grün\r\n\nweiß')) splitter.push(Buffer.of(byte));
  splitter.end();
  expect(lines).toEqual(['grün', '', 'weiß']);
});
