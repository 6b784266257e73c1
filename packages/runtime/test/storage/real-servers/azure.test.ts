import { createHmac } from 'node:crypto';
import { signSharedKey } from '../../../src/storage/azure/shared-key';
import { failureOf, fetched } from '../support/fetch-into';
import { encoded, EXPECTED, FILES, LARGE, MANY, REAL, textOf, upload } from './support';

// Started by `npm run test:storage`; without it these are skipped.
const ORIGIN = process.env['ISVC_TEST_AZURE'];
const ACCOUNT = 'devstoreaccount1';
// The key of the emulator, which everybody knows.
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const ENV = { AZURE_SERVICE_URL: ORIGIN ?? '', AZURE_STORAGE_ACCESS_KEY: KEY };
const URI = `https://${ACCOUNT}.blob.core.windows.net/models`;

/** A signature for an address that lets its bearer read and list everything for an hour. */
function accountSas(): string {
  const [version, permissions, services, types, expires] = ['2021-08-06', 'rl', 'b', 'sco', new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, '')];
  const text = [ACCOUNT, permissions, services, types, '', expires, '', 'https,http', version, '', ''].join('\n');
  const sig = createHmac('sha256', Buffer.from(KEY, 'base64')).update(text).digest('base64');
  return new URLSearchParams({ sv: version, ss: services, srt: types, sp: permissions, se: expires, spr: 'https,http', sig }).toString();
}

(ORIGIN ? describe : describe.skip)('Azurite', () => {
  const put = (path: string, content?: Buffer, extra: Readonly<Record<string, string>> = {}): Promise<Response> => {
    const url = new URL(`${ORIGIN}/${path}`);
    const length: Record<string, string> = content && content.length > 0 ? { 'content-length': String(content.length), 'content-type': 'application/octet-stream' } : {};
    return upload(url, 'PUT', content, signSharedKey({ method: 'PUT', url, headers: { 'x-ms-version': '2021-08-06', ...extra, ...length } }, ACCOUNT, KEY, Date.now()).headers ?? {});
  };
  const blob = { 'x-ms-blob-type': 'BlockBlob' };

  beforeAll(async () => {
    await put('models?restype=container');
    await put('public?restype=container', undefined, { 'x-ms-blob-public-access': 'container' });
    for (const [path, content] of Object.entries(FILES)) await put(`models/iris/${encoded(path)}`, content, blob);
    await put('models/iris2/neighbour', Buffer.from('of the same prefix'), blob);
    await put('public/iris/model.bin', Buffer.from('for all'), blob);
  });

  test.each([
    ['a folder, by account key,', '/iris', ENV, EXPECTED],
    ['a folder with a slash', '/iris/', ENV, EXPECTED],
    ['one blob', '/iris/model.joblib', ENV, textOf({ 'model.joblib': LARGE })],
    ['a folder, by a signature in the address,', `/iris?${accountSas()}`, { AZURE_SERVICE_URL: ENV.AZURE_SERVICE_URL }, EXPECTED],
  ])('%s arrives, in parts, with digests checked', async (_what, path, env, expected) => {
    expect(await fetched(URI + path, env, REAL)).toEqual(expected);
  });

  test('a public container needs no credentials', async () => {
    expect(await fetched(`https://${ACCOUNT}.blob.core.windows.net/public/iris`, { AZURE_SERVICE_URL: ENV.AZURE_SERVICE_URL }, REAL)).toEqual({ 'model.bin': 'for all' });
  });

  test('a blob that was uploaded in blocks, which has no digest, arrives', async () => {
    const ids = ['first', 'second'].map((id) => Buffer.from(id.padEnd(8)).toString('base64'));
    for (const id of ids) await put(`models/blocks/model.bin?comp=block&blockid=${encodeURIComponent(id)}`, LARGE);
    await put('models/blocks/model.bin?comp=blocklist', Buffer.from(`<?xml version="1.0" encoding="utf-8"?><BlockList>${ids.map((id) => `<Latest>${id}</Latest>`).join('')}</BlockList>`));
    expect(await fetched(`${URI}/blocks`, ENV, REAL)).toEqual(textOf({ 'model.bin': Buffer.concat([LARGE, LARGE]) }));
  });

  test('a folder of many blobs arrives whole', async () => {
    for (const [path, content] of Object.entries(MANY)) await put(`models/many/${path}`, content, blob);
    expect(await fetched(`${URI}/many`, ENV, REAL)).toEqual(textOf(MANY));
  });

  const other = Buffer.from('another key').toString('base64');
  test.each<[string, string, Record<string, string>, string, RegExp]>([
    ['no key', '/iris', { AZURE_STORAGE_ACCESS_KEY: '' }, 'ISVC_FETCH_DENIED', /access denied to container models of account devstoreaccount1 as anonymous/],
    ['a wrong key', '/iris', { AZURE_STORAGE_ACCESS_KEY: other }, 'ISVC_FETCH_DENIED', /as the key of account devstoreaccount1 \(AuthorizationFailure/],
    ['a changed signature', `/iris?${accountSas().replace(/sig=../, 'sig=AA')}`, {}, 'ISVC_FETCH_DENIED', /as the signature in the address/],
    ['another prefix', '/nope', {}, 'ISVC_FETCH_NOT_FOUND', /azure: container models .* has nothing at "nope"/],
  ])('%s is said to be the cause', async (_what, path, env, code, line) => {
    expect(await failureOf(fetched(URI + path, { ...ENV, ...env }, REAL))).toEqual({ code, line: expect.stringMatching(line) });
  });

  test('another container is said to be the cause', async () => {
    expect(await failureOf(fetched(`https://${ACCOUNT}.blob.core.windows.net/nope/iris`, ENV, REAL))).toEqual({ code: 'ISVC_FETCH_NOT_FOUND', line: expect.stringMatching(/container nope .* does not exist \(ContainerNotFound/) });
  });
});
