import type { IncomingMessage } from 'node:http';
import { checkAccess, type Access } from '../../src/storage/check-access';
import { tempFolder } from '../support/temp-folder';
import { fakeClock } from './support/fake-clock';
import { fakeS3 } from './support/fake-s3';
import { FAKE_STORES, type FakeStore, SECRETS } from './support/fake-stores';
import { faultProxy } from './support/fault-proxy';
import { QUICK } from './support/fetch-into';

const FILES = { 'a.bin': Buffer.alloc(200_000, 'a'), 'b.bin': Buffer.alloc(200_000, 'b') };
const STORES = Object.entries(FAKE_STORES) as [string, FakeStore][];

function check(uri: string, env: Readonly<Record<string, string>>): Promise<Access> {
  return checkAccess(uri, { env: { ...QUICK, ISVC_FETCH_ATTEMPTS: '1', ...env }, signal: new AbortController().signal, clock: fakeClock() });
}

describe.each(STORES)('access to %s', (name, store) => {
  const envFor = (origin: string, env: Readonly<Record<string, string>>, password = SECRETS.oci): Record<string, string> =>
    name !== 'oci' ? { ...env } : { ...env, KSERVE_OCI_DOCKER_CONFIG: tempFolder({ 'config.json': JSON.stringify({ auths: { [new URL(origin).host]: { auth: Buffer.from(`ann:${password}`).toString('base64') } } }) }) };

  test('is seen by a listing and no more than one file', async () => {
    let data = 0;
    const proxy = await faultProxy(await store.serve(FILES), undefined, { when: (request: IncomingMessage, body?: Buffer) => {
      if (store.isData(request, body)) data++;
      return false;
    } });
    const { uri, env } = store.address(proxy.origin);
    expect(await check(uri, envFor(proxy.origin, env))).toEqual({ refusal: undefined, identity: expect.any(String) as string, machineIdentity: undefined });
    // The hub leads from its own address to that of the content.
    expect(data).toBeLessThanOrEqual(2);
  });

  test('is refused for the reason that a pod would meet, without a secret', async () => {
    const proxy = await faultProxy(await store.serve(FILES), { status: 403 }, { when: () => true, times: Number.MAX_SAFE_INTEGER });
    const { uri, env } = store.address(proxy.origin);
    const { refusal } = await check(uri, envFor(proxy.origin, env));
    expect(refusal?.code).toBe('ISVC_FETCH_DENIED');
    for (const secret of Object.values(SECRETS)) expect(refusal?.toLine()).not.toContain(secret);
  });
});

describe('access', () => {
  test('to an object that is not there is refused, and to one behind the first page is not', async () => {
    const origin = await fakeS3({ 'iris/a': Buffer.from('a'), 'iris/z.bin': Buffer.from('z') }, { pageSize: 1 });
    const env = { AWS_ENDPOINT_URL: origin, awsAnonymousCredential: 'true' };
    expect((await check('s3://models/iris', { ...env, STORAGE_ALLOW_PATTERNS: '*.bin' })).refusal).toBeUndefined();
    expect((await check('s3://models/rose', env)).refusal?.code).toBe('ISVC_FETCH_NOT_FOUND');
  });

  test.each([
    ['s3://models/iris', {}, 'a role by IRSA, pod identity or the node'],
    ['s3://models/iris', { AWS_ROLE_ARN: 'arn:aws:iam::1:role/models', AWS_WEB_IDENTITY_TOKEN_FILE: '/nope' }, 'role arn:aws:iam::1:role/models'],
  ])('%s by what only a pod has is tried anonymously, and says so', async (uri, env, what) => {
    const seen: IncomingMessage[] = [];
    const origin = await fakeS3({ 'iris/a': Buffer.from('a') }, { keys: { accessKeyId: 'AKIA', secretAccessKey: 'x' }, seen });
    const { refusal, machineIdentity } = await check(uri, { AWS_ENDPOINT_URL: origin, ...env });
    expect([refusal?.code, machineIdentity]).toEqual(['ISVC_FETCH_DENIED', what]);
    expect(seen.map((request) => request.headers.authorization)).toEqual([undefined]);
  });

  test('to a folder of this machine is nobody\'s', async () => {
    expect(await check(tempFolder({ 'model.bin': 'm' }), {})).toEqual({ refusal: undefined, identity: undefined, machineIdentity: undefined });
  });
});
