import { signSharedKey } from '../../src/storage/azure/shared-key';
import { signV4 } from '../../src/storage/s3/sign-v4';
import { systemClock } from '../../src/storage/transport/clock';
import { someBytes } from './support/bytes';
import { failureOf, fetched } from './support/fetch-into';

// Started by scripts/storage-servers.sh; without it these are skipped.
const { ISVC_TEST_S3: S3, ISVC_TEST_GCS: GCS, ISVC_TEST_AZURE: AZURE } = process.env;
// ASCII: the request signer takes text.
const LARGE = Buffer.from(someBytes(300_000).map((byte) => 32 + (byte % 95)));
const FILES: Readonly<Record<string, Buffer>> = { 'model.joblib': LARGE, 'meta/a b+(1)é.json': Buffer.from('{}') };
const EXPECTED = Object.fromEntries(Object.entries(FILES).map(([path, content]) => [path, content.toString('latin1')]).sort());

async function upload(url: URL, method: string, body: Buffer | undefined, headers: Readonly<Record<string, string>>): Promise<void> {
  const answer = await fetch(url, { method, headers, ...(body ? { body: new Uint8Array(body) } : {}) });
  if (!answer.ok && answer.status !== 409) throw new Error(`${method} ${url.pathname}: ${answer.status} ${await answer.text()}`);
}

/** Signatures carry the time, so it must be the real one. */
const REAL = { clock: systemClock };
const encoded = (path: string): string => path.split('/').map((part) => encodeURIComponent(part).replace(/[()]/g, (c) => (c === '(' ? '%28' : '%29'))).join('/');

(S3 ? describe : describe.skip)('a real S3 server that checks signatures', () => {
  const keys = { accessKeyId: 'test-access-key', secretAccessKey: 'test-secret-key' };
  const env = { AWS_ENDPOINT_URL: S3 ?? '', AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey };

  test('a folder arrives, with digests checked', async () => {
    for (const [path, content] of Object.entries(FILES)) {
      const url = new URL(`/models/iris/${encoded(path)}`, S3);
      const { headers = {} } = signV4({ method: 'PUT', url, body: content.toString() } as never, keys, { region: 'us-east-1', service: 's3', now: Date.now() });
      await upload(url, 'PUT', content, headers);
    }
    expect(await fetched('s3://models/iris', env, REAL)).toEqual(EXPECTED);
  });

  test('a wrong key is denied', async () => {
    expect(await failureOf(fetched('s3://models/iris', { ...env, AWS_SECRET_ACCESS_KEY: 'wrong' }, REAL))).toEqual({ code: 'ISVC_FETCH_DENIED', line: expect.stringMatching(/SignatureDoesNotMatch.*correct the keys in the secret/) });
  });
});

(GCS ? describe : describe.skip)('a real GCS server', () => {
  test('a folder arrives, with digests checked', async () => {
    for (const [path, content] of Object.entries(FILES)) {
      const url = new URL(`/upload/storage/v1/b/models/o?uploadType=media&name=${encodeURIComponent(`iris/${path}`)}`, GCS);
      await upload(url, 'POST', content, { 'content-type': 'application/octet-stream' });
    }
    expect(await fetched('gs://models/iris', { STORAGE_EMULATOR_HOST: GCS ?? '' })).toEqual(EXPECTED);
  });
});

(AZURE ? describe : describe.skip)('a real Azure Blob server', () => {
  // The key of the emulator, which everybody knows.
  const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
  const put = async (path: string, body: Buffer | undefined, extra: Readonly<Record<string, string>>): Promise<void> => {
    const url = new URL(`${AZURE}/${path}`);
    const length: Record<string, string> = body ? { 'content-length': String(body.length), 'content-type': 'application/octet-stream' } : {};
    await upload(url, 'PUT', body, signSharedKey({ method: 'PUT', url, headers: { 'x-ms-version': '2021-08-06', ...extra, ...length } }, 'devstoreaccount1', key, Date.now()).headers ?? {});
  };

  test('a folder arrives by account key, and nobody else gets it', async () => {
    await put('models?restype=container', undefined, {});
    for (const [path, content] of Object.entries(FILES)) await put(`models/iris/${encoded(path)}`, content, { 'x-ms-blob-type': 'BlockBlob' });
    const uri = 'https://devstoreaccount1.blob.core.windows.net/models/iris';
    expect(await fetched(uri, { AZURE_SERVICE_URL: AZURE ?? '', AZURE_STORAGE_ACCESS_KEY: key }, REAL)).toEqual(EXPECTED);
    expect(await failureOf(fetched(uri, { AZURE_SERVICE_URL: AZURE ?? '' }, REAL))).toMatchObject({ code: 'ISVC_FETCH_DENIED' });
  });
});
