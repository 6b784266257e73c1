import { fakeShare } from '../support/fake-share';
import { failureOf, fetched } from '../support/fetch-into';

const HOST = 'https://acct.file.core.windows.net';
const FILES = { 'iris/model.joblib': Buffer.from('model'), 'iris/v1/meta & more.json': Buffer.from('{}'), 'iris/v1/deep/er/x': Buffer.from('x'), 'iris2/other': Buffer.from('o') };

test.each<[string, string, Record<string, string>]>([
  ['a folder, not one that starts alike', '/models/iris', { 'model.joblib': 'model', 'v1/meta & more.json': '{}', 'v1/deep/er/x': 'x' }],
  ['a folder with a slash', '/models/iris/v1/', { 'meta & more.json': '{}', 'deep/er/x': 'x' }],
  ['one file', '/models/iris/model.joblib', { 'model.joblib': 'model' }],
  ['the share', '/models', { 'iris/model.joblib': 'model', 'iris/v1/meta & more.json': '{}', 'iris/v1/deep/er/x': 'x', 'iris2/other': 'o' }],
])('%s is fetched with the signature of the address', async (_what, path, expected) => {
  const origin = await fakeShare(FILES, { sas: 'a+b/c=' });
  expect(await fetched(`${HOST}${path}?sv=2022-11-02&sig=${encodeURIComponent('a+b/c=')}`, { AZURE_SERVICE_URL: origin })).toEqual(expected);
});

test('a wrong signature is denied, and stays secret', async () => {
  const origin = await fakeShare(FILES, { sas: 'right' });
  const failure = await failureOf(fetched(`${HOST}/models/iris?sig=wr0ng`, { AZURE_SERVICE_URL: origin }));
  expect(failure).toEqual({ code: 'ISVC_FETCH_DENIED', line: expect.stringMatching(/azure: access denied to share models of account acct as the signature in the address/) });
  expect(failure.line).not.toContain('wr0ng');
});

test.each(['/models/iri', '/models/iris/nope', '/models/nope/x'])('%s does not exist', async (path) => {
  const origin = await fakeShare(FILES, {});
  expect(await failureOf(fetched(`${HOST}${path}`, { AZURE_SERVICE_URL: origin }))).toMatchObject({ code: 'ISVC_FETCH_NOT_FOUND' });
});

test('patterns choose among the files', async () => {
  const origin = await fakeShare(FILES, {});
  expect(await fetched(`${HOST}/models/iris`, { AZURE_SERVICE_URL: origin, STORAGE_IGNORE_PATTERNS: 'v1/*' })).toEqual({ 'model.joblib': 'model' });
});

test('a file that changed after it was listed is no part of the model', async () => {
  const origin = await fakeShare(FILES, { contentTag: '"newer"' });
  const failure = await failureOf(fetched(`${HOST}/models/iris`, { AZURE_SERVICE_URL: origin }));
  expect(failure).toEqual({ code: expect.stringMatching(/^ISVC_FETCH_/), line: expect.stringMatching(/chang|412/) });
});

test.each([['iris/../../outside'], ['iris/..'], ['iris/a\\b'], ['iris//x']])('the name %s is refused', async (name) => {
  const origin = await fakeShare({ [name]: Buffer.from('x') }, {});
  expect(await failureOf(fetched(`${HOST}/models/iris`, { AZURE_SERVICE_URL: origin }))).toEqual({ code: 'ISVC_FETCH_UNSAFE', line: expect.stringMatching(/lists the name ".*", which leads elsewhere/) });
});
