import { signV4 } from '../../../src/storage/s3/sign-v4';
import { failureOf, fetched } from '../support/fetch-into';
import { encoded, EXPECTED, FILES, LARGE, MANY, REAL, textOf, upload } from './support';

// Started by `npm run test:storage`; without it these are skipped.
const ORIGIN = process.env['ISVC_TEST_S3'];
const KEYS = { accessKeyId: 'test-access-key', secretAccessKey: 'test-secret-key' };
const ENV = { AWS_ENDPOINT_URL: ORIGIN ?? '', AWS_ACCESS_KEY_ID: KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey };

function send(method: 'PUT' | 'POST', pathAndQuery: string, content = '', more: Readonly<Record<string, string>> = {}): Promise<Response> {
  const url = new URL(pathAndQuery, ORIGIN);
  const { headers = {} } = signV4({ method, url, body: content, headers: more }, KEYS, { region: 'us-east-1', service: 's3', now: Date.now() });
  return upload(url, method, Buffer.from(content), headers);
}

(ORIGIN ? describe : describe.skip)('versitygw: S3 that checks signatures', () => {
  beforeAll(async () => {
    for (const [path, content] of Object.entries(FILES)) await send('PUT', `/models/iris/${encoded(path)}`, content.toString());
    await send('PUT', '/models/iris2/neighbour', 'of the same prefix');
  });

  test.each([
    ['a folder', 's3://models/iris', EXPECTED],
    ['a folder with a slash', 's3://models/iris/', EXPECTED],
    ['one object', 's3://models/iris/model.joblib', textOf({ 'model.joblib': LARGE })],
  ])('%s arrives, in parts, with digests checked', async (_what, uri, expected) => {
    expect(await fetched(uri, ENV, REAL)).toEqual(expected);
  });

  test('an object that was uploaded in parts arrives', async () => {
    const part = LARGE.toString().repeat(20).slice(0, 5 * 1024 * 1024);
    const id = /<UploadId>([^<]+)</.exec(await (await send('POST', '/models/parts/model.bin?uploads=')).text())?.[1] ?? '';
    const tags = await Promise.all([part, 'the end'].map(async (content, i) => (await send('PUT', `/models/parts/model.bin?partNumber=${i + 1}&uploadId=${id}`, content)).headers.get('etag')));
    const list = tags.map((tag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${tag}</ETag></Part>`).join('');
    await send('POST', `/models/parts/model.bin?uploadId=${id}`, `<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`);
    expect(await fetched('s3://models/parts', { ...ENV, ISVC_FETCH_PART_MIB: '1' }, REAL)).toEqual({ 'model.bin': `${part}the end` });
  });

  test('a folder of more objects than a page of the listing has arrives whole', async () => {
    for (const [path, content] of Object.entries(MANY)) await send('PUT', `/models/many/${path}`, content.toString());
    expect(await fetched('s3://models/many', ENV, REAL)).toEqual(textOf(MANY));
  });

  test.each<[string, string, Record<string, string>, string, RegExp]>([
    ['a wrong secret key', 's3://models/iris', { AWS_SECRET_ACCESS_KEY: 'wrong' }, 'ISVC_FETCH_DENIED', /SignatureDoesNotMatch.*correct the keys in the secret/],
    ['an unknown key id', 's3://models/iris', { AWS_ACCESS_KEY_ID: 'nobody' }, 'ISVC_FETCH_DENIED', /access denied to bucket models as access key nobody.*correct the keys in the secret/],
    ['no keys', 's3://models/iris', { awsAnonymousCredential: '1' }, 'ISVC_FETCH_DENIED', /access denied to bucket models as anonymous/],
    ['another bucket', 's3://nope/iris', {}, 'ISVC_FETCH_NOT_FOUND', /bucket nope does not exist \(NoSuchBucket/],
    ['another prefix', 's3://models/nope', {}, 'ISVC_FETCH_NOT_FOUND', /s3: bucket models has nothing at "nope"/],
  ])('%s is said to be the cause', async (_what, uri, env, code, line) => {
    expect(await failureOf(fetched(uri, { ...ENV, ...env }, REAL))).toEqual({ code, line: expect.stringMatching(line) });
  });
});
