import { createVerify, generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { findGoogleAuthorizer } from '../../../src/storage/gcs/google-credentials';
import { openSession } from '../../../src/storage/session';
import { tempFolder } from '../../support/temp-folder';
import { fakeClock } from '../support/fake-clock';
import { listen } from '../support/servers';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

async function headerWith(env: Record<string, string>): Promise<{ readonly identity: string; readonly header: string | undefined }> {
  const session = openSession({ env, signal: new AbortController().signal, clock: fakeClock() });
  try {
    const authorizer = await findGoogleAuthorizer(session);
    const { headers } = await authorizer.authorize({ url: new URL('http://x') }, session.signal);
    return { identity: authorizer.identity, header: headers?.['authorization'] };
  } finally {
    session.close();
  }
}

const keyFile = (key: object): string => join(tempFolder({ 'key.json': JSON.stringify(key) }), 'key.json');

test('a service account key signs an assertion that it is exchanged for a token', async () => {
  const bodies: string[] = [];
  const origin = await listen((request, response) => {
    request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
    request.on('end', () => response.end('{"access_token":"issued","expires_in":3600}'));
  });
  const file = keyFile({ type: 'service_account', client_email: 'models@project', private_key: PEM, token_uri: `${origin}/token` });
  expect(await headerWith({ GOOGLE_APPLICATION_CREDENTIALS: file })).toEqual({ identity: 'models@project', header: 'Bearer issued' });
  const [head = '', claims = '', signature = ''] = (new URLSearchParams(bodies[0]).get('assertion') ?? '').split('.');
  expect(createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, signature, 'base64url')).toBe(true);
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ iss: 'models@project', aud: `${origin}/token`, iat: 1_700_000_000, exp: 1_700_003_600 });
});

test('the identity of the pod comes from metadata', async () => {
  const origin = await listen((request, response) => void response.writeHead(request.headers['metadata-flavor'] === 'Google' ? 200 : 403).end('{"access_token":"pod","expires_in":60}'));
  expect(await headerWith({ GCE_METADATA_HOST: new URL(origin).host })).toEqual({ identity: 'the identity of the pod', header: 'Bearer pod' });
});

test('without a key and without metadata it is nobody, as in KServe', async () => {
  const origin = await listen((_, response) => void response.writeHead(404).end());
  expect(await headerWith({ GCE_METADATA_HOST: new URL(origin).host })).toEqual({ identity: 'anonymous', header: undefined });
});

test.each([
  [{ type: 'impersonated_service_account' }, /holds a key of type "impersonated_service_account"/],
  [{ type: 'external_account', credential_source: { environment_id: 'aws1' } }, /credential_source without file and url/],
  [{ type: 'external_account', credential_source: { file: '/nope' } }, /the token of credential_source cannot be read/],
  [{ type: 'service_account', client_email: 'a@b', private_key: 'no key' }, /private_key .* is no RSA key/],
])('the key %j is refused without being quoted', async (key, message) => {
  await expect(headerWith({ GOOGLE_APPLICATION_CREDENTIALS: keyFile(key) })).rejects.toMatchObject({ code: 'ISVC_FETCH_CONFIG', message: expect.stringMatching(message) });
});
