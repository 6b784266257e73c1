import { join } from 'node:path';
import { findGoogleAuthorizer } from '../../../src/storage/gcs/google-credentials';
import { openSession } from '../../../src/storage/session';
import { tempFolder } from '../../support/temp-folder';
import { fakeClock } from '../support/fake-clock';
import { failureOf } from '../support/fetch-into';
import { listen } from '../support/servers';

interface Seen {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** Google's token service, the service that impersonates, and an issuer of the other cloud. */
async function google(seen: Seen[]): Promise<string> {
  return listen((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ path: request.url ?? '', authorization: request.headers.authorization, body });
      if (request.url === '/issuer') return void response.writeHead(request.headers['metadata'] === 'True' ? 200 : 403).end('{"token":{},"jwt":"of the issuer"}');
      if (request.url === '/token') return void response.end('{"access_token":"federated","expires_in":3600}');
      response.end('{"accessToken":"of the account","expireTime":"2040-01-01T00:00:00Z"}');
    });
  });
}

async function tokenFor(key: object): Promise<{ readonly identity: string; readonly header: string | undefined }> {
  const file = join(tempFolder({ 'key.json': JSON.stringify({ type: 'external_account', audience: '//iam/pool', subject_token_type: 'urn:ietf:params:oauth:token-type:jwt', ...key }) }), 'key.json');
  const session = openSession({ env: { GOOGLE_APPLICATION_CREDENTIALS: file }, signal: new AbortController().signal, clock: fakeClock() });
  try {
    const authorizer = await findGoogleAuthorizer(session);
    const { headers } = await authorizer.authorize({ url: new URL('http://x') }, session.signal);
    return { identity: authorizer.identity, header: headers?.['authorization'] };
  } finally {
    session.close();
  }
}

const projected = (): { file: string } => ({ file: join(tempFolder({ token: 'of the pod\n' }), 'token') });

test('the token of the pod is exchanged for one of Google', async () => {
  const seen: Seen[] = [];
  const origin = await google(seen);
  expect(await tokenFor({ token_url: `${origin}/token`, credential_source: projected() })).toEqual({ identity: 'a federated identity of //iam/pool', header: 'Bearer federated' });
  expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toEqual({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', audience: '//iam/pool', scope: 'https://www.googleapis.com/auth/devstorage.read_only',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token', subject_token: 'of the pod', subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  });
});

test('and that for one of the service account that the configuration names', async () => {
  const seen: Seen[] = [];
  const origin = await google(seen);
  const key = { token_url: `${origin}/token`, credential_source: projected(), service_account_impersonation_url: `${origin}/v1/projects/-/serviceAccounts/models@p.iam.gserviceaccount.com:generateAccessToken` };
  expect(await tokenFor(key)).toEqual({ identity: 'models@p.iam.gserviceaccount.com', header: 'Bearer of the account' });
  expect(seen[1]).toEqual({ path: '/v1/projects/-/serviceAccounts/models@p.iam.gserviceaccount.com:generateAccessToken', authorization: 'Bearer federated', body: '{"scope":["https://www.googleapis.com/auth/devstorage.read_only"],"lifetime":"3600s"}' });
});

test('the token may come from an address, as a field of JSON', async () => {
  const seen: Seen[] = [];
  const origin = await google(seen);
  const source = { url: `${origin}/issuer`, headers: { Metadata: 'True' }, format: { type: 'json', subject_token_field_name: 'jwt' } };
  expect(await tokenFor({ token_url: `${origin}/token`, credential_source: source })).toMatchObject({ header: 'Bearer federated' });
  expect(new URLSearchParams(seen[1]?.body).get('subject_token')).toBe('of the issuer');
});

test('a refusal names the identity and what may be wrong, without the token', async () => {
  const origin = await listen((_, response) => void response.writeHead(403).end('{"error":"x","error_description":"the condition rejects it"}'));
  const failure = await failureOf(tokenFor({ token_url: `${origin}/token`, credential_source: projected() }));
  expect(failure).toEqual({ code: 'ISVC_FETCH_DENIED', line: expect.stringMatching(/access denied to a token as a federated identity .*the condition rejects it.*check the provider/) });
  expect(failure.line).not.toContain('of the pod');
});
