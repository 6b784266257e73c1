import type { FileHandle } from 'node:fs/promises';
import { WriteBehind } from '../../../src/storage/download/write-behind';
import { failureOf } from '../support/fetch-into';

interface Write {
  readonly texts: readonly string[];
  readonly position: number;
  /** Ends the write after so many bytes, or all. */
  readonly finish: (bytes?: number) => void;
  readonly fail: (error: Error) => void;
}

/** A file whose writes end when the test says so. */
function slowFile(): { readonly handle: FileHandle; readonly writes: Write[] } {
  const writes: Write[] = [];
  const writev = (chunks: readonly Buffer[], position: number): Promise<{ bytesWritten: number }> => new Promise((resolve, reject) => {
    const all = chunks.reduce((sum, { length }) => sum + length, 0);
    writes.push({ texts: chunks.map(String), position, finish: (bytes = all) => resolve({ bytesWritten: bytes }), fail: reject });
  });
  return { handle: { writev } as unknown as FileHandle, writes };
}

const shown = ({ texts, position }: Write): unknown => [texts, position];
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what comes during a write goes out together with the next, at its place', async () => {
  const { handle, writes } = slowFile();
  const seen: string[] = [];
  const out = new WriteBehind(handle, 100, 'm.bin', (chunks, bytes) => seen.push(`${chunks.map(String).join('|')} ${bytes}`));
  for (const text of ['ab', 'c', 'def']) expect(out.push(Buffer.from(text))).toBeUndefined();
  expect(writes.map(shown)).toEqual([[['ab'], 100]]);
  expect(seen).toEqual([]);
  writes[0]?.finish();
  await turn();
  expect(writes.map(shown)).toEqual([[['ab'], 100], [['c', 'def'], 102]]);
  writes[1]?.finish();
  await out.flush();
  expect(seen).toEqual(['ab 2', 'c|def 4']);
});

test('a write that the system ends early goes on where it was, also within a chunk', async () => {
  const { handle, writes } = slowFile();
  const out = new WriteBehind(handle, 0, 'm.bin', () => {});
  out.push(Buffer.from('a'));
  for (const text of ['bc', 'def', 'gh']) out.push(Buffer.from(text));
  writes[0]?.finish();
  await turn();
  writes[1]?.finish(3);
  await turn();
  expect(writes.map(shown)).toEqual([[['a'], 0], [['bc', 'def', 'gh'], 1], [['ef', 'gh'], 4]]);
  writes[2]?.finish();
  await out.flush();
});

test('the network waits once too much has gathered', async () => {
  const { handle, writes } = slowFile();
  const out = new WriteBehind(handle, 0, 'm.bin', () => {});
  out.push(Buffer.alloc(200_000));
  expect(out.push(Buffer.alloc(200_000))).toBeUndefined();
  const behind = out.push(Buffer.alloc(200_000));
  expect(behind).toBeInstanceOf(Promise);
  writes[0]?.finish();
  await behind;
  writes[1]?.finish();
  await out.flush();
});

test('a full disk is told to whoever writes next or waits, and nothing more is written', async () => {
  const { handle, writes } = slowFile();
  const out = new WriteBehind(handle, 0, 'm.bin', () => {});
  out.push(Buffer.from('a'));
  out.push(Buffer.from('b'));
  writes[0]?.fail(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
  await turn();
  expect(() => out.push(Buffer.from('c'))).toThrow(/does not fit: the disk is full/);
  expect(await failureOf(out.flush())).toMatchObject({ code: 'ISVC_FETCH_SPACE' });
  expect(writes).toHaveLength(1);
});
