import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tempFolder } from '../../support/temp-folder';
import { tarOf, tarOfEntries, zipOf } from '../support/archives';
import { contentOf, failureOf, fetched, fetchInto } from '../support/fetch-into';

function folderWith(name: string, content: Buffer): string {
  const folder = tempFolder();
  writeFileSync(join(folder, name), content);
  return folder;
}

const FILES = { 'model/1/model.joblib': 'm', 'config.json': '{}' };

describe('unpacking', () => {
  test.each([
    ['m.tar', tarOf(FILES)],
    ['m.tar.gz', gzipSync(tarOf(FILES))],
    ['M.TGZ', gzipSync(tarOf(FILES))],
    ['m.zip', zipOf(Object.entries(FILES).map(([name, content]) => ({ name, content })))],
    ['dots.tar', tarOfEntries([{ name: './', type: '5' }, { name: './model/1/model.joblib', content: 'm' }, { name: './config.json', content: '{}' }])],
  ])('%s', async (name, content) => {
    expect(await fetched(folderWith(name, content))).toEqual(FILES);
  });

  test.each(['m.mar', 'm.gz', 'm.tar.bak'])('%s stays as it is', async (name) => {
    expect(await fetched(folderWith(name, Buffer.from('x')))).toEqual({ [name]: 'x' });
  });

  test('an archive beside another file stays as it is', async () => {
    const folder = folderWith('m.tar', tarOf(FILES));
    writeFileSync(join(folder, 'b.txt'), 'b');
    expect(Object.keys(await fetched(folder))).toEqual(['b.txt', 'm.tar']);
  });

  test('a second run sees that all is there', async () => {
    const [source, target] = [folderWith('m.tar', tarOf(FILES)), tempFolder()];
    await fetchInto(target, source);
    expect((await fetchInto(target, source)).unchanged).toBe(true);
    expect(contentOf(target)).toEqual(FILES);
  });

  const bomb = Buffer.alloc(80 * 1024 * 1024);
  test.each([
    ['a tar entry that climbs', 'm.tar', () => tarOf({ 'a/../../x': '' }), 'ISVC_FETCH_UNSAFE', /"a\/\.\.\/\.\.\/x" leads out of the target/],
    ['an absolute tar entry', 'm.tar', () => tarOf({ '/etc/x': '' }), 'ISVC_FETCH_UNSAFE', /"\/etc\/x" has an absolute name/],
    ['a link', 'm.tar', () => tarOfEntries([{ name: 'l', type: '2', linkname: '/etc/passwd' }]), 'ISVC_FETCH_UNSAFE', /"l" is a symlink; only files and folders/],
    ['a hard link', 'm.tar', () => tarOfEntries([{ name: 'l', type: '1', linkname: 'x' }]), 'ISVC_FETCH_UNSAFE', /"l" is a link/],
    ['a device', 'm.tar', () => tarOfEntries([{ name: 'd', type: '3' }]), 'ISVC_FETCH_UNSAFE', /"d" is a character-device/],
    ['the same file twice', 'm.tar', () => tarOfEntries([{ name: 'a', content: '1' }, { name: './a', content: '2' }]), 'ISVC_FETCH_UNSAFE', /holds "a" twice/],
    ['a tar cut short', 'm.tar', () => tarOf({ a: 'x'.repeat(5000) }).subarray(0, 2000), 'ISVC_FETCH_CORRUPT', /the archive is broken/],
    ['no gzip at all', 'm.tar.gz', () => Buffer.from('no gzip'), 'ISVC_FETCH_CORRUPT', /the archive is broken: incorrect header check/],
    ['a zip entry that climbs', 'm.zip', () => zipOf([{ name: '../x' }]), 'ISVC_FETCH_UNSAFE', /leads out of the target/],
    ['an absolute zip entry', 'm.zip', () => zipOf([{ name: '/x' }]), 'ISVC_FETCH_UNSAFE', /leads out of the target/],
    ['a zip link', 'm.zip', () => zipOf([{ name: 'l', content: '/etc/passwd', mode: 0o120777 }]), 'ISVC_FETCH_UNSAFE', /"l" is a link or a device/],
    ['a zip with a wrong CRC', 'm.zip', () => zipOf([{ name: 'a', content: 'x', crc: 1 }]), 'ISVC_FETCH_CORRUPT', /wrong CRC/],
    ['no zip at all', 'm.zip', () => Buffer.from('no zip'), 'ISVC_FETCH_CORRUPT', /the archive is broken/],
    ['a bomb', 'm.tar.gz', () => gzipSync(tarOfEntries([{ name: 'zeros', content: bomb }])), 'ISVC_FETCH_UNSAFE', /more than 200 bytes for each packed one; if the model is so, raise ISVC_ARCHIVE_MAX_RATIO/],
    ['a compression that Node lacks', 'm.tar.xz', () => Buffer.from(''), 'ISVC_FETCH_UNSAFE', /pack the model as \.tar\.gz or \.zip/],
  ])('%s is refused, and nothing is left', async (_what, name, content, code, line) => {
    const target = tempFolder();
    expect(await failureOf(fetchInto(target, folderWith(name, content())))).toEqual({ code, line: expect.stringMatching(line) });
    expect(readdirSync(target)).toEqual([]);
  });

  test('more entries or bytes than allowed', async () => {
    const source = folderWith('m.tar', tarOf({ a: '1', b: '2', c: '3' }));
    expect((await failureOf(fetched(source, { ISVC_ARCHIVE_MAX_ENTRIES: '2' }))).line).toMatch(/more than 2 entries/);
    expect((await failureOf(fetched(source, { ISVC_ARCHIVE_MAX_GIB: '0.000000001' }))).line).toMatch(/bytes unpacked/);
  });
});
