import { failureOf, fetched } from '../support/fetch-into';
import { EXPECTED, FILES, LARGE, MANY, textOf, upload } from './support';

// Started by `npm run test:storage`; without it these are skipped.
const ORIGIN = process.env['ISVC_TEST_GCS'];
const ENV = { STORAGE_EMULATOR_HOST: ORIGIN ?? '' };

(ORIGIN ? describe : describe.skip)('fake-gcs-server', () => {
  const put = (name: string, content: Buffer): Promise<Response> =>
    upload(new URL(`/upload/storage/v1/b/models/o?uploadType=media&name=${encodeURIComponent(name)}`, ORIGIN), 'POST', content, { 'content-type': 'application/octet-stream' });

  beforeAll(async () => {
    for (const [path, content] of Object.entries(FILES)) await put(`iris/${path}`, content);
    await put('iris2/neighbour', Buffer.from('of the same prefix'));
  });

  test.each([
    ['a folder', 'gs://models/iris', EXPECTED],
    ['a folder with a slash', 'gs://models/iris/', EXPECTED],
    ['one object', 'gs://models/iris/model.joblib', textOf({ 'model.joblib': LARGE })],
  ])('%s arrives, in parts, with digests checked', async (_what, uri, expected) => {
    expect(await fetched(uri, ENV)).toEqual(expected);
  });

  test('a folder of more objects than a page of the listing has arrives whole', async () => {
    for (const [path, content] of Object.entries(MANY)) await put(`many/${path}`, content);
    expect(await fetched('gs://models/many', ENV)).toEqual(textOf(MANY));
  });

  test.each([
    ['another bucket', 'gs://nope/iris', /bucket nope does not exist/],
    ['another prefix', 'gs://models/nope', /gs: bucket models has nothing at "nope"/],
  ])('%s is said to be the cause', async (_what, uri, line) => {
    expect(await failureOf(fetched(uri, ENV))).toEqual({ code: 'ISVC_FETCH_NOT_FOUND', line: expect.stringMatching(line) });
  });
});
