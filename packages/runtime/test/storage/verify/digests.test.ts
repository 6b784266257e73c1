import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openVerification, type Verification } from '../../../src/storage/verify/verification';
import { runRuntime } from '../../support/runtime-process';
import { tempFolder } from '../../support/temp-folder';
import { contentOf, failureOf, fetchInto } from '../support/fetch-into';
import { tarOf } from '../support/archives';

const MODEL = { 'model.bin': 'weights', 'sub/words.txt': 'a b' };
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const listOf = (files: Readonly<Record<string, string>>): string => Object.entries(files).map(([path, text]) => `${sha256(text)}  ${path}\n`).join('');

function digests(text: string): Promise<Verification | undefined> {
  return openVerification({ digests: join(tempFolder({ SHA256SUMS: text }), 'SHA256SUMS') });
}

describe('a model with a list of digests', () => {
  test.each([
    ['as sha256sum writes it', listOf(MODEL)],
    ['of binary mode, with ./ and capitals', Object.entries(MODEL).map(([path, text]) => `${sha256(text).toUpperCase()} *./${path}\r\n`).join('')],
    ['of sha256sum --tag', Object.entries(MODEL).map(([path, text]) => `SHA256 (${path}) = ${sha256(text)}\n`).join('')],
  ])('%s is served', async (_what, text) => {
    const target = tempFolder();
    await fetchInto(target, tempFolder(MODEL), {}, { verification: await digests(text) });
    expect(contentOf(target)).toEqual(MODEL);
  });

  test.each([
    ['another content', { ...MODEL, 'sub/words.txt': 'a c' }, /\(sub\/words\.txt\): the sha256 digest is [0-9a-f]{64}, by the digests it must be [0-9a-f]{64}; the file was changed/],
    ['a file too many', { ...MODEL, 'sub/hook.py': 'import os' }, /sub\/hook\.py is in the model, but not in the digests/],
    ['many files too many', { ...MODEL, ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((n) => [`x${n}`, ''])) }, /x1, x2, x3, x4, x5 and 2 more are in the model/],
    ['a file too few', { 'model.bin': 'weights' }, /sub\/words\.txt is in the digests, but not in the model/],
  ])('is not served with %s', async (_what, files, line) => {
    const target = tempFolder();
    const failure = await failureOf(fetchInto(target, tempFolder(files as Record<string, string>), {}, { verification: await digests(listOf(MODEL)) }));
    expect(failure).toEqual({ code: 'ISVC_FETCH_UNVERIFIED', line: expect.stringMatching(line) as string });
    expect(readdirSync(target)).toEqual([]);
  });

  test('an archive is compared by what it holds', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'model.tar.gz'), gzipSync(tarOf(MODEL)));
    const target = tempFolder();
    await fetchInto(target, join(folder, 'model.tar.gz'), {}, { verification: await digests(listOf(MODEL)) });
    expect(contentOf(target)).toEqual(MODEL);
    await expect(fetchInto(tempFolder(), join(folder, 'model.tar.gz'), {}, { verification: await digests(listOf({ 'model.bin': 'weights' })) })).rejects.toMatchObject({ code: 'ISVC_FETCH_UNVERIFIED' });
  });

  test('one that was let in without, or by another list, is looked at again', async () => {
    const [source, target] = [tempFolder(MODEL), tempFolder()];
    await fetchInto(target, source);
    const verification = await digests(listOf(MODEL));
    expect(await fetchInto(target, source, {}, { verification })).toMatchObject({ unchanged: false });
    expect(await fetchInto(target, source, {}, { verification })).toMatchObject({ unchanged: true });
    await expect(fetchInto(target, source, {}, { verification: await digests(listOf({ ...MODEL, 'model.bin': 'others' })) })).rejects.toMatchObject({ code: 'ISVC_FETCH_UNVERIFIED' });
  });
});

describe('a list of digests that cannot be used', () => {
  test.each([
    ['nothing', '\n', /no line has a digest/],
    ['MD5', `${'0'.repeat(32)}  model.bin\n`, /line 1: a SHA-256 digest has 64 digits, this one has 32/],
    ['a tagged algorithm', `SHA512 (model.bin) = ${'0'.repeat(128)}\n`, /line 1: algorithm "SHA512" is not known; only SHA256 is/],
    ['prose', `${'0'.repeat(64)}  a\nsee the wiki\n`, /line 2: must read "DIGEST {2}PATH"/],
    ['a path that leads out', `${'0'.repeat(64)}  ../model.bin\n`, /line 1: "\.\.\/model\.bin" must be a path below the model/],
    ['a file twice', `${'0'.repeat(64)}  a\n${'1'.repeat(64)}  ./a\n`, /line 2: "a" is there twice/],
  ])('for %s says which line', async (_what, text, line) => {
    expect(await failureOf(digests(text))).toEqual({ code: 'ISVC_FETCH_CONFIG', line: expect.stringMatching(line) as string });
  });
});

describe('isvc-runtime fetch with options, as a process', () => {
  test('verifies, and says why not in the termination message', async () => {
    const [source, target] = [tempFolder(MODEL), tempFolder()];
    const list = join(tempFolder({ SHA256SUMS: listOf(MODEL) }), 'SHA256SUMS');
    const good = runRuntime(['fetch', `--digests=${list}`, source, target]);
    expect(await good.exit).toBe(0);
    expect(good.stderr()).toMatch(/2 files, 10 bytes, verified, fetched into/);
    writeFileSync(join(source, 'model.bin'), 'WEIGHTS');
    const bad = runRuntime(['fetch', `--digests=${list}`, source, join(target, 'other')]);
    expect(await bad.exit).toBe(1);
    expect(readFileSync(bad.terminationFile, 'utf8')).toMatch(/\(model\.bin\): the sha256 digest is .*\[ISVC_FETCH_UNVERIFIED\]/);
    expect(readdirSync(target).sort()).toEqual(['.isvc-fetched', 'model.bin', 'sub']);
  });

  test('as the image is started by render: no subcommand, addresses first', async () => {
    const [source, target] = [tempFolder(MODEL), join(tempFolder(), 'models')];
    const list = join(tempFolder({ SHA256SUMS: listOf(MODEL) }), 'SHA256SUMS');
    expect(await runRuntime([source, target, `--digests=${list}`]).exit).toBe(0);
    expect(contentOf(target)).toEqual(MODEL);
    writeFileSync(join(source, 'extra.bin'), '');
    expect(await runRuntime([source, join(target, 'again'), `--digests=${list}`]).exit).toBe(1);
  });

  test.each([
    [['--digest=x', 'a', 'b'], /option "--digest=x" is not known; allowed are --digests=FILE, --signers=FILE, --signature=FILE/],
    [['--digests=x', 'a', 'b', 'c', 'd'], /--digests is of one model, got 2/],
    [['--signers=x', '--signature=/y', 'a', 'b', 'c', 'd'], /--signature with a path of this machine is of one model, got 2/],
  ])('%j is wrong usage, exit code 2', async (args, line) => {
    const runtime = runRuntime(['fetch', ...args]);
    expect(await runtime.exit).toBe(2);
    expect(runtime.stderr()).toMatch(line);
  });
});
