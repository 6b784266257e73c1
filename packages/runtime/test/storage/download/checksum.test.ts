import { type ChecksumAlgorithm, digestOf } from '../../../src/storage/download/checksum';
import { inUnits } from '../../../src/storage/download/disk-space';
import { partsOf } from '../../../src/storage/download/parts';
import { progressTo } from '../../../src/storage/download/progress';
import { someBytes } from '../support/bytes';

// The check values that the definitions of the digests state for these nine characters.
test.each<[ChecksumAlgorithm, string]>([
  ['crc32', 'cbf43926'],
  ['crc32c', 'e3069283'],
  ['crc64nvme', 'ae8b14860a799888'],
  ['md5', '25f9e794323b453885f5181f1b624d0b'],
  ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
])('%s of 123456789', (algorithm, hex) => {
  const digest = digestOf(algorithm);
  digest.update(Buffer.from('123456789'));
  expect(digest.hex()).toBe(hex);
});

test.each<ChecksumAlgorithm>(['crc32', 'crc32c', 'crc64nvme', 'sha256'])('%s does not depend on how the bytes are cut', (algorithm) => {
  const bytes = someBytes(10_007);
  const [whole, pieces] = [digestOf(algorithm), digestOf(algorithm)];
  whole.update(bytes);
  for (let i = 0; i < bytes.length; i += 13) pieces.update(bytes.subarray(i, i + 13));
  expect(pieces.hex()).toBe(whole.hex());
});

test.each([
  [10, true, [[0, 4], [4, 8], [8, 10]]],
  [4, true, [[0, 4]]],
  [0, true, [undefined]],
  [10, false, [undefined]],
  [undefined, true, [undefined]],
])('a file of %s bytes, ranged %s, has the parts %j', (size, ranged, expected) => {
  const parts = partsOf({ path: 'a', size, version: '1', ranged, open: () => { throw new Error('not asked for'); } }, 4);
  expect(parts.map(({ range }) => range && [range.start, range.end])).toEqual(expected);
});

test.each([[0, '0 bytes'], [1023, '1023 bytes'], [1536, '1.5 KiB'], [3 * 1024 ** 4, '3.0 TiB']])('%s bytes are shown as %s', (bytes, text) => {
  expect(inUnits(bytes)).toBe(text);
});

describe('progress', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  test.each([
    [true, 250, /^\r\u001b\[Ks3:\/\/m: 2\.0 MiB, .*\/s$/],
    [false, 10_500, /^\{"event":"fetch-progress","source":"s3:\/\/m","bytes":2097152,"seconds":\d+\}\n$/],
  ])('on a terminal: %s', (isTTY, afterMs, line) => {
    const written: string[] = [];
    const progress = progressTo({ isTTY, write: (text: string | Uint8Array) => written.push(String(text)) > 0 }, 's3://m');
    progress.add(2 * 1024 * 1024);
    jest.advanceTimersByTime(afterMs);
    expect(written).toEqual([expect.stringMatching(line)]);
    progress.end();
    jest.advanceTimersByTime(60_000);
    expect(written.filter((text) => text.includes('s3'))).toHaveLength(1);
  });
});
