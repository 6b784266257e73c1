import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../support/temp-folder';
import { someBytes } from './support/bytes';
import { FAKE_STORES, type FakeStore, SECRETS } from './support/fake-stores';
import { type Fault, faultProxy } from './support/fault-proxy';
import { contentOf, failureOf, fetchInto, SOON_STALLED } from './support/fetch-into';
import { fakeClock } from './support/fake-clock';

// ASCII, so that the tar writer of the tests may take it as text.
const LARGE = Buffer.from(someBytes(120_000).map((byte) => 32 + (byte % 95)));
const FILES = { 'model.joblib': LARGE, 'meta/a b+(1).json': Buffer.from('{}') };
const STORES = Object.entries(FAKE_STORES) as [string, FakeStore][];

function expectedOf(name: string): Record<string, string> {
  const all = Object.fromEntries(Object.entries(FILES).map(([path, content]) => [path, content.toString('latin1')]));
  return name === 'http' ? { 'model.joblib': LARGE.toString('latin1') } : all;
}

/** The docker config is a file, so it cannot be part of the table. */
function envFor(name: string, origin: string, env: Readonly<Record<string, string>>): Record<string, string> {
  if (name !== 'oci') return { ...env };
  const auth = Buffer.from(`ann:${SECRETS.oci}`).toString('base64');
  return { ...env, KSERVE_OCI_DOCKER_CONFIG: tempFolder({ 'config.json': JSON.stringify({ auths: { [new URL(origin).host]: { auth } } }) }) };
}

describe.each(STORES)('%s', (name, store) => {
  async function run(fault?: Fault, times = 1, when: FakeStore['isData'] = store.isData, more: Record<string, string> = {}): Promise<{ target: string; fetching: Promise<unknown>; warnings: string[] }> {
    const proxy = await faultProxy(await store.serve(FILES), fault, { when, times });
    const { uri, env } = store.address(proxy.origin);
    const [target, warnings] = [tempFolder(), [] as string[]];
    return { target, warnings, fetching: fetchInto(target, uri, { ...envFor(name, proxy.origin, env), ...more }, { clock: fakeClock(), warn: (line) => warnings.push(line) }) };
  }

  test('a model arrives, and a second run fetches nothing', async () => {
    const origin = await store.serve(FILES);
    const { uri, env } = store.address(origin);
    const target = tempFolder();
    await fetchInto(target, uri, envFor(name, origin, env));
    expect(contentOf(target)).toEqual(expectedOf(name));
    expect(await fetchInto(target, uri, envFor(name, origin, env))).toMatchObject({ unchanged: true });
  });

  test('a listing that fails once is asked for again', async () => {
    const { target, fetching } = await run({ status: 503 }, 1, (request, body) => !store.isData(request, body));
    await fetching;
    expect(contentOf(target)).toEqual(expectedOf(name));
  });

  test.each<[string, Fault, string, RegExp]>([
    ['silence for ever', 'silent', 'ISVC_FETCH_UNREACHABLE', /given up after 2 attempts without progress: nothing came for/],
    ['status 403', { status: 403 }, 'ISVC_FETCH_DENIED', /access denied/],
    ['status 404', { status: 404 }, 'ISVC_FETCH_NOT_FOUND', /not exist/],
  ])('%s fails with its cause, without a partial model and without secrets', async (_what, fault, code, line) => {
    const { target, fetching } = await run(fault, Number.MAX_SAFE_INTEGER, store.isData, { ISVC_FETCH_ATTEMPTS: '2', ...(fault === 'silent' ? SOON_STALLED : {}) });
    const failure = await failureOf(fetching);
    expect(failure).toEqual({ code, line: expect.stringMatching(line) });
    for (const secret of Object.values(SECRETS)) expect(failure.line).not.toContain(secret);
    expect(Object.keys(contentOf(target)).filter((path) => !path.startsWith('.isvc-fetch-'))).toEqual([]);
  });

  if (store.checked) {
    test('changed bytes on the way are noticed and fetched again', async () => {
      const { target, fetching, warnings } = await run('corrupt');
      await fetching;
      expect(contentOf(target)).toEqual(expectedOf(name));
      expect(warnings).toEqual([expect.stringMatching(/digest is .* the store announced .*; fetched once more/)]);
    });

    test('bytes that stay wrong are never a model', async () => {
      const { target, fetching } = await run('corrupt', Number.MAX_SAFE_INTEGER);
      expect(await failureOf(fetching)).toMatchObject({ code: 'ISVC_FETCH_CORRUPT' });
      expect(readdirSync(target)).toEqual([]);
    });
  }
});

test.each(STORES.filter(([name]) => name !== 'http' && name !== 'gs'))('%s: wrong credentials are denied, and stay secret', async (name, store) => {
  const origin = await store.serve(FILES);
  const { uri, env } = store.address(origin);
  const wrong = { GIT_PASSWORD: 'wrong-secret', AWS_SECRET_ACCESS_KEY: 'wrong-secret', HF_TOKEN: 'wrong-secret', MODELSCOPE_API_TOKEN: 'wrong-secret', AZURE_STORAGE_ACCESS_KEY: 'wrong-secret', HDFS_DELEGATION_TOKEN: 'wrong-secret' };
  const auth = Buffer.from('ann:wrong-secret').toString('base64');
  const config = join(tempFolder({ 'c.json': JSON.stringify({ auths: { [new URL(origin).host]: { auth } } }) }), 'c.json');
  const failure = await failureOf(fetchInto(tempFolder(), uri, { ...envFor(name, origin, env), ...wrong, KSERVE_OCI_DOCKER_CONFIG: config }));
  expect(failure).toEqual({ code: 'ISVC_FETCH_DENIED', line: expect.stringMatching(/access denied to .* as .*; .+ \[/) });
  expect(failure.line).not.toMatch(new RegExp(`wrong-secret|${auth}`));
});

test('a deadline ends a fetch that would go on for ever', async () => {
  const proxy = await faultProxy(await FAKE_STORES.s3.serve(FILES), 'silent', { times: Number.MAX_SAFE_INTEGER });
  const { uri, env } = FAKE_STORES.s3.address(proxy.origin);
  const failure = await failureOf(fetchInto(tempFolder(), uri, { ...env, ...SOON_STALLED, ISVC_FETCH_DEADLINE_SECONDS: '1', ISVC_FETCH_ATTEMPTS: '1000000' }));
  expect(failure).toMatchObject({ code: 'ISVC_FETCH_DEADLINE', line: expect.stringContaining('not done after 1 s') });
});

test.each([
  ['https://example.com/team/model.git//../x', 'ISVC_FETCH_UNSAFE', /leads out of the repository/],
  ['https://ann:s3cret@example.com/team/model.git?depth=1', 'ISVC_FETCH_NOT_FOUND', /\*\*\*@example.*the parameter "depth" is unknown/],
  ['https://acct.file.core.windows.net/', 'ISVC_FETCH_NOT_FOUND', /names no container or share/],
  ['hf://model', 'ISVC_FETCH_NOT_FOUND', /does not name an owner and a model/],
  ['oci://Registry Name', 'ISVC_FETCH_NOT_FOUND', /is no image reference/],
  ['webhdfs://iris', 'ISVC_FETCH_CONFIG', /HDFS_NAMENODE is not set/],
  ['<scheme-placeholder>://iris', 'ISVC_FETCH_CONFIG', /names a type/],
])('%s says what is wrong', async (uri, code, line) => {
  expect(await failureOf(fetchInto(tempFolder(), uri))).toEqual({ code, line: expect.stringMatching(line) });
});
