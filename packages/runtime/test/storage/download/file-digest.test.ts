import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChecksumAlgorithm, digestOf } from '../../../src/storage/download/checksum';
import { digestsInThread, type FileDigests } from '../../../src/storage/download/file-digest';
import { tempFolder } from '../../support/temp-folder';
import { someBytes } from '../support/bytes';
import { fakeS3 } from '../support/fake-s3';
import { faultProxy } from '../support/fault-proxy';
import { fetchInto } from '../support/fetch-into';

const NEVER = new AbortController().signal;

describe('digests taken in a thread', () => {
  const content = someBytes(1_300_000);
  const file = (): string => join(tempFolder({ 'm.bin': '' }), 'm.bin');
  let digests: FileDigests;
  beforeEach(() => void (digests = digestsInThread()));
  afterEach(() => digests.close());

  test.each<ChecksumAlgorithm>(['md5', 'sha256', 'crc32c', 'crc64nvme'])('%s is that of the whole file, whatever the steps', async (algorithm) => {
    const path = file();
    writeFileSync(path, content);
    const expected = digestOf(algorithm);
    expected.update(content);
    const digest = digests.of(path, algorithm);
    for (const end of [1, 700_000, 700_000, content.length]) digest.advance(end);
    expect(await digest.hex(NEVER)).toBe(expected.hex());
  });

  test('several files at a time do not mix', async () => {
    const folder = tempFolder({ a: 'first', b: 'second' });
    const [a, b] = ['a', 'b'].map((name) => digests.of(join(folder, name), 'md5'));
    b?.advance(3);
    a?.advance(5);
    b?.advance(6);
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    expect(await Promise.all([a?.hex(NEVER), b?.hex(NEVER)])).toEqual([md5('first'), md5('second')]);
  });

  test.each([
    ['a file that is not there', () => join(tempFolder(), 'nope'), /ENOENT/],
    ['a file that is too short', () => join(tempFolder({ m: 'abc' }), 'm'), /the file ends at 3, before 10/],
    ['a folder', () => { const folder = join(tempFolder(), 'd'); mkdirSync(folder); return folder; }, /EISDIR/],
  ])('%s is said to be the problem', async (_what, path, problem) => {
    const digest = digests.of(path(), 'md5');
    digest.advance(10);
    await expect(digest.hex(NEVER)).rejects.toThrow(problem);
  });

  test('nobody waits for ever: neither after an abort nor for a thread that has ended', async () => {
    const digest = digests.of(join(tempFolder({ m: 'abc' }), 'm'), 'md5');
    await expect(digest.hex(AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
    const other = digests.of(join(tempFolder({ m: 'abc' }), 'm'), 'md5');
    await digests.close();
    await expect(other.hex(NEVER)).rejects.toThrow(/has ended/);
  });
});

test('a model large enough for the thread arrives, and a changed byte in it is noticed', async () => {
  const part = someBytes(1 << 20);
  const objects = { 'iris/large.bin': Buffer.concat(Array.from({ length: 40 }, () => part)), 'iris/small.bin': Buffer.concat(Array.from({ length: 30 }, () => part)) };
  const proxy = await faultProxy(await fakeS3(objects), 'corrupt', { when: (request) => request.url?.includes('large') === true });
  const [target, warnings] = [tempFolder(), [] as string[]];
  await fetchInto(target, 's3://models/iris', { AWS_ENDPOINT_URL: proxy.origin, awsAnonymousCredential: '1', ISVC_FETCH_PART_MIB: '8' }, { warn: (line) => warnings.push(line) });
  expect(warnings).toEqual([expect.stringMatching(/large\.bin: the md5 digest is .*; fetched once more/)]);
  for (const name of ['large.bin', 'small.bin'] as const) expect(readFileSync(join(target, name)).equals(objects[`iris/${name}`])).toBe(true);
});
