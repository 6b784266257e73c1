import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Fetched, fetchModel } from '../../src/storage/fetch-model';
import { downloadFiles } from '../../src/storage/download/download-files';
import { openSession } from '../../src/storage/session';
import { tempFolder } from '../support/temp-folder';
import { fakeClock } from './support/fake-clock';

function fetchInto(target: string, source: string, env: Readonly<Record<string, string>> = {}, signal = new AbortController().signal): Promise<Fetched> {
  return fetchModel(source, target, { env, signal });
}

/** Names in a folder without the marker, which is nobody's business. */
function namesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name !== '.isvc-fetched').sort();
}

describe('fetching a model', () => {
  test.each([
    ['a path', (source: string) => source],
    ['a file:// address', (source: string) => `file://${source}`],
    ['a FILE:// address', (source: string) => `FILE://${source}`],
  ])('copies a folder named by %s', async (_what, address) => {
    const source = tempFolder({ 'model.joblib': 'model', 'sub/a.txt': 'a', '.hidden': 'h' });
    const target = join(tempFolder(), 'not', 'there', 'yet');
    expect(await fetchInto(target, address(source))).toEqual({ files: 3, bytes: 7, unchanged: false });
    expect(namesIn(target)).toEqual(['.hidden', 'model.joblib', 'sub']);
    expect(readFileSync(join(target, 'sub/a.txt'), 'utf8')).toBe('a');
    expect(readdirSync(join(target, '..'))).toEqual(['yet']);
  });

  test('copies one file under its own name', async () => {
    const target = tempFolder();
    await fetchInto(target, `file://${tempFolder({ 'model.joblib': 'model' })}/model.joblib`);
    expect(namesIn(target)).toEqual(['model.joblib']);
  });

  test('fills a folder that is there already, and leaves what is not its own', async () => {
    const target = tempFolder({ 'lost+found/x': '', 'sub/other.txt': 'o' });
    await fetchInto(target, tempFolder({ 'model.joblib': 'model', 'sub/a.txt': 'a' }));
    expect(namesIn(target)).toEqual(['lost+found', 'model.joblib', 'sub']);
    expect(namesIn(join(target, 'sub'))).toEqual(['a.txt', 'other.txt']);
  });

  test('a second run copies nothing while the source is the same, and replaces all of it when it has changed', async () => {
    const source = tempFolder({ 'old.joblib': 'model' });
    const target = tempFolder();
    await fetchInto(target, source);
    expect(await fetchInto(target, source)).toEqual({ files: 1, bytes: 5, unchanged: true });
    utimesSync(join(source, 'old.joblib'), 1, 1);
    expect((await fetchInto(target, source)).unchanged).toBe(false);
    unlinkSync(join(source, 'old.joblib'));
    writeFileSync(join(source, 'new.joblib'), 'model');
    expect((await fetchInto(target, source)).unchanged).toBe(false);
    expect(namesIn(target)).toEqual(['new.joblib']);
  });

  test('a file that somebody has removed from the target is fetched again', async () => {
    const [source, target] = [tempFolder({ 'a.joblib': 'a' }), tempFolder()];
    await fetchInto(target, source);
    unlinkSync(join(target, 'a.joblib'));
    expect((await fetchInto(target, source)).unchanged).toBe(false);
    expect(namesIn(target)).toEqual(['a.joblib']);
  });

  test('what a killed fetch has left behind is removed', async () => {
    const target = tempFolder({ '.isvc-fetch-abc123/model.joblib': 'half' });
    await fetchInto(target, tempFolder({ 'a.joblib': 'a' }));
    expect(namesIn(target)).toEqual(['a.joblib']);
  });

  test('a pvc:// address is a folder below ISVC_PVC_ROOT', async () => {
    const root = tempFolder({ 'claim/models/iris/model.joblib': 'm' });
    const target = tempFolder();
    await fetchInto(target, 'pvc://claim/models/iris', { ISVC_PVC_ROOT: root });
    expect(namesIn(target)).toEqual(['model.joblib']);
  });

  test.each([
    ['s3://models', 's3://models/iris'],
    ['s3://models/', 's3://models/iris'],
    ['s3://models/iris', 's3://models/iris', '/iris'],
    ['s3://models/iris/model.joblib', 's3://models/iris/model.joblib', '/iris/model.joblib'],
    ['s3://', 's3://iris'],
  ])('ISVC_SOURCE_MAP maps the prefix %s of %s to a folder', async (prefix, uri, below = '') => {
    const folder = tempFolder({ 'iris/model.joblib': 'm' });
    const target = tempFolder();
    await fetchInto(target, uri, { ISVC_SOURCE_MAP: JSON.stringify({ [prefix]: folder + below, 's3://other': '/nope' }) });
    expect(namesIn(target)).toEqual(['model.joblib']);
  });

  test('the longest mapped prefix wins', async () => {
    const [short, long] = [tempFolder({ 'a/short.txt': '' }), tempFolder({ 'long.txt': '' })];
    const target = tempFolder();
    await fetchInto(target, 's3://m/a', { ISVC_SOURCE_MAP: JSON.stringify({ 's3://m': short, 's3://m/a': long }) });
    expect(namesIn(target)).toEqual(['long.txt']);
  });

  test.each([
    ['a missing folder', '/nope/models', {}, 'ISVC_FETCH_NOT_FOUND', /^\/nope\/models: there is no file or folder \/nope\/models; check/],
    ['a missing file:// folder', 'file:///nope', {}, 'ISVC_FETCH_NOT_FOUND', /^file:\/\/\/nope: /],
    ['a scheme nobody fetches', 'ftp://models/iris', {}, 'ISVC_FETCH_SCHEME', /^ftp:\/\/models\/iris: nothing here fetches ftp:\/\/; this version fetches file:\/\/, pvc:\/\/, .* and local paths/],
    ['a mapped prefix that ends in the middle of a name', 'ftp://models2/iris', { ISVC_SOURCE_MAP: '{"ftp://models":"/x"}' }, 'ISVC_FETCH_SCHEME', /ftp:/],
    ['a claim without a root', 'pvc://claim/iris', {}, 'ISVC_FETCH_CONFIG', /ISVC_PVC_ROOT is not set/],
    ['no claim', 'pvc:///iris', { ISVC_PVC_ROOT: '/x' }, 'ISVC_FETCH_NOT_FOUND', /names no claim/],
    ['a claim that climbs', 'pvc://../iris', { ISVC_PVC_ROOT: '/x' }, 'ISVC_FETCH_NOT_FOUND', /names no claim/],
    ['a path that climbs out of its claim', 'pvc://claim/../../etc', { ISVC_PVC_ROOT: '/x' }, 'ISVC_FETCH_UNSAFE', /leads out of its root/],
    ['a path that climbs out of its mapping', 's3://m/../../etc', { ISVC_SOURCE_MAP: '{"s3://m":"/x/y"}' }, 'ISVC_FETCH_UNSAFE', /leads out of its root/],
    ['a map that is not JSON', 's3://m', { ISVC_SOURCE_MAP: '{' }, 'ISVC_FETCH_CONFIG', /ISVC_SOURCE_MAP is not JSON/],
    ['a map that maps to a number', 's3://m', { ISVC_SOURCE_MAP: '{"s3://m":5}' }, 'ISVC_FETCH_CONFIG', /must map prefixes to folders, but "s3:\/\/m" does not/],
  ])('%s is refused, and the target stays as it was', async (_what, uri, env, code, line) => {
    const target = join(tempFolder(), 'target');
    const error = await fetchInto(target, uri, env as unknown as Record<string, string>).catch((e: unknown) => e);
    expect(error).toMatchObject({ code });
    expect((error as { toLine(): string }).toLine()).toMatch(line);
    expect(existsSync(target)).toBe(false);
  });

  test('others may read what was fetched as far as the umask lets them', async () => {
    const target = join(tempFolder(), 'target');
    const plain = join(tempFolder(), 'plain');
    mkdirSync(plain);
    await fetchInto(target, tempFolder({ 'model.joblib': 'm' }));
    expect(statSync(target).mode).toBe(statSync(plain).mode);
  });

  test('a target that is a file is named', async () => {
    const target = join(tempFolder({ file: '' }), 'file');
    await expect(fetchInto(target, tempFolder({ 'model.joblib': 'm' }))).rejects.toMatchObject({ code: 'ISVC_FETCH_IO', path: expect.stringContaining(target) });
  });

  test('an empty folder is no model', async () => {
    await expect(fetchInto(tempFolder(), tempFolder())).rejects.toMatchObject({ code: 'ISVC_FETCH_NOT_FOUND' });
  });
});

describe('links and special files in a source', () => {
  test('links inside the source are followed', async () => {
    const source = tempFolder({ 'real/model.joblib': 'model' });
    symlinkSync('real/model.joblib', join(source, 'model.joblib'));
    symlinkSync('real', join(source, 'again'));
    const target = tempFolder();
    expect((await fetchInto(target, source)).files).toBe(3);
    expect(statSync(join(target, 'again/model.joblib')).size).toBe(5);
  });

  test('the source itself may be a link', async () => {
    const link = join(tempFolder(), 'link');
    symlinkSync(tempFolder({ 'a.joblib': 'a' }), link);
    const target = tempFolder();
    await fetchInto(target, link);
    expect(namesIn(target)).toEqual(['a.joblib']);
  });

  test('the double bookkeeping of ConfigMap volumes is not copied', async () => {
    const source = tempFolder({ '..2026_01/model.joblib': 'm' });
    symlinkSync('..2026_01', join(source, '..data'));
    symlinkSync('..data/model.joblib', join(source, 'model.joblib'));
    const target = tempFolder();
    await fetchInto(target, source);
    expect(namesIn(target)).toEqual(['model.joblib']);
  });

  const outside = (source: string): void => symlinkSync('/etc/hostname', join(source, 'a.txt'));
  const outsideFolder = (source: string): void => symlinkSync('/etc', join(source, 'etc'));
  const loop = (source: string): void => {
    mkdirSync(join(source, 'sub'));
    symlinkSync('..', join(source, 'sub', 'up'));
  };
  const self = (source: string): void => symlinkSync('.', join(source, 'self'));
  const pipe = (source: string): void => void execFileSync('mkfifo', [join(source, 'pipe')]);
  test.each([
    ['a link to a file elsewhere', outside, /"a\.txt" is a link that leaves the source/],
    ['a link to a folder elsewhere', outsideFolder, /"etc" is a link that leaves the source/],
    ['a link that goes round', loop, /"sub\/up" is a link to a folder that contains it/],
    ['a link to its own folder', self, /"self" is a link to a folder that contains it/],
    ['a named pipe', pipe, /"pipe" is neither a file nor a folder/],
  ])('%s is refused, and nothing is copied', async (_what, spoil, message) => {
    const source = tempFolder({ 'model.joblib': 'm' });
    spoil(source);
    const target = tempFolder();
    await expect(fetchInto(target, source)).rejects.toMatchObject({ code: 'ISVC_FETCH_UNSAFE', message: expect.stringMatching(message) });
    expect(readdirSync(target)).toEqual([]);
  });

  test('a link to nothing is named', async () => {
    const source = tempFolder({ 'model.joblib': 'm' });
    symlinkSync('gone', join(source, 'dangling'));
    await expect(fetchInto(tempFolder(), source)).rejects.toMatchObject({ code: 'ISVC_FETCH_NOT_FOUND', message: expect.stringContaining('dangling') });
  });
});

test('a file that is shorter than announced is an error', async () => {
  const file = { path: 'a.joblib', size: 10, version: '1', open: () => Readable.from([Buffer.from('short')]) };
  const session = openSession({ env: {}, signal: new AbortController().signal, clock: fakeClock() });
  await expect(downloadFiles([file], tempFolder(), session)).rejects.toMatchObject({
    code: 'ISVC_FETCH_UNREACHABLE',
    message: 'given up after 5 attempts without progress: the connection ended after 5 of 10 bytes',
  });
  session.close();
});

test('an abort leaves neither target nor stage, nor the folders made for them', async () => {
  const source = tempFolder({ 'model.joblib': 'm' });
  const parent = tempFolder();
  const abort = new AbortController();
  abort.abort(new Error('SIGTERM'));
  await expect(fetchInto(join(parent, 'a/b/target'), source, {}, abort.signal)).rejects.toThrow('SIGTERM');
  expect(readdirSync(parent)).toEqual([]);
});
