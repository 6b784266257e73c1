import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { announcedChecksum } from '../../../src/storage/http/announced-checksum';
import { tempFolder } from '../../support/temp-folder';
import { someBytes } from '../support/bytes';
import { failureOf, fetched, fetchInto } from '../support/fetch-into';
import { answerFile } from '../support/file-server';
import { listen } from '../support/servers';

const MD5 = 'XUFAKrxLKna5cZ2REBfFkg==';
const MD5_HEX = '5d41402abc4b2a76b9719d911017c592';
const SHA256 = 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=';
const SHA256_HEX = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

test.each<[string, Record<string, string>, boolean, unknown]>([
  ['Repr-Digest', { 'repr-digest': `sha-512=:AAAA:, sha-256=:${SHA256}:` }, false, { algorithm: 'sha256', digest: SHA256_HEX }],
  ['Artifactory', { 'x-checksum-sha256': SHA256_HEX.toUpperCase() }, false, { algorithm: 'sha256', digest: SHA256_HEX }],
  ['Google, of one piece', { 'x-goog-hash': `crc32c=mnG7TA==, md5=${MD5}`, 'x-goog-stored-content-encoding': 'identity' }, false, { algorithm: 'md5', digest: MD5_HEX }],
  ['Google, composed', { 'x-goog-hash': 'crc32c=mnG7TA==', 'x-goog-stored-content-encoding': 'identity' }, false, { algorithm: 'crc32c', digest: '9a71bb4c' }],
  ['Google, stored compressed', { 'x-goog-hash': `md5=${MD5}`, 'x-goog-stored-content-encoding': 'gzip' }, false, undefined],
  ['Content-MD5 of a whole body', { 'content-md5': MD5 }, true, { algorithm: 'md5', digest: MD5_HEX }],
  ['Content-MD5 of a part', { 'content-md5': MD5 }, false, undefined],
  ['something else by these names', { 'repr-digest': 'sha-256=:short:', 'x-checksum-sha256': 'nope', 'x-goog-hash': 'md5=1', 'content-md5': '???' }, true, undefined],
  ['nothing', {}, true, undefined],
])('%s', (_what, headers, isWhole, expected) => {
  expect(announcedChecksum(headers, isWhole)).toEqual(expected);
});

const MODEL = someBytes(200_000);

test.each(['x-checksum-sha256', 'x-goog-hash'])('a file is compared with %s', async (header) => {
  const stated = (content: Buffer): Record<string, string> => header === 'x-goog-hash'
    ? { 'x-goog-hash': `md5=${createHash('md5').update(content).digest('base64')}`, 'x-goog-stored-content-encoding': 'identity' }
    : { [header]: createHash('sha256').update(content).digest('hex') };
  const serve = (headers: Record<string, string>): Promise<string> => listen((request, response) => answerFile(request, response, MODEL, { headers }));
  expect(await fetched(`${await serve(stated(MODEL))}/m.bin`)).toEqual({ 'm.bin': MODEL.toString('latin1') });
  const target = tempFolder();
  expect(await failureOf(fetchInto(target, `${await serve(stated(MODEL.subarray(1)))}/m.bin`))).toMatchObject({ code: 'ISVC_FETCH_CORRUPT' });
  expect(readdirSync(target)).toEqual([]);
});
