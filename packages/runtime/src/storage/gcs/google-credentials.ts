import { createSign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { FetchSession } from '../session';
import { askText } from '../transport/ask';
import { anonymous, type Authorizer, tokenAuthorizer } from '../transport/authorizer';
import { HttpClient } from '../transport/http-client';
import { asObject, asText, type JsonObject, parseJson } from '../transport/json';
import { readText } from '../transport/read-text';
import { storeError } from '../transport/store-error';
import { parseTokenAnswer } from '../transport/token-answer';
import { externalAccountAuthorizer } from './external-account';

const SCOPE = 'https://www.googleapis.com/auth/devstorage.read_only';
const METADATA_PATH = '/computeMetadata/v1/instance/service-accounts/default/token';
/** Outside of Google's machines nothing answers: that must not take long. */
const PATIENCE_MS = 2000;

/**
 * Who asks Google Cloud Storage: the key of `GOOGLE_APPLICATION_CREDENTIALS`, else the identity of the pod or node
 * (metadata), else nobody, as in KServe.
 *
 * @throws IsvcError ISVC_FETCH_CONFIG for a key file that cannot be used.
 */
export async function findGoogleAuthorizer(session: FetchSession): Promise<Authorizer> {
  const { env, clock } = session;
  if (env['STORAGE_EMULATOR_HOST']) return anonymous;
  const file = env['GOOGLE_APPLICATION_CREDENTIALS'];
  if (file) return keyAuthorizer(await readKey(file), session);
  if (session.onMachineIdentity) {
    session.onMachineIdentity('workload identity or the service account of the node');
    return anonymous;
  }
  const fromMetadata = (): Promise<Awaited<ReturnType<typeof metadataToken>>> => metadataToken(session);
  const first = await fromMetadata();
  if (!first) return anonymous;
  let unused: typeof first | undefined = first;
  return tokenAuthorizer(async () => {
    const token = unused ?? (await fromMetadata());
    unused = undefined;
    if (token) return token;
    throw new IsvcError('ISVC_FETCH_DENIED', 'gs: instance metadata gives no token any more', { hint: 'check workload identity of the node' });
  }, 'the identity of the pod', () => clock.now());
}

async function readKey(file: string): Promise<JsonObject> {
  try {
    return asObject(parseJson(await readFile(file, 'utf8'), 'gs'));
  } catch (error) {
    throw new IsvcError('ISVC_FETCH_CONFIG', `the key file of GOOGLE_APPLICATION_CREDENTIALS cannot be used: ${messageOf(error)}`, { path: file, hint: 'put the JSON key of a service account into the secret' });
  }
}

function keyAuthorizer(key: JsonObject, session: FetchSession): Authorizer {
  if (key['type'] === 'external_account') return externalAccountAuthorizer(key, session);
  const [type, email, uri] = [asText(key['type']), asText(key['client_email']), asText(key['token_uri']) || 'https://oauth2.googleapis.com/token'];
  const now = (): number => session.clock.now();
  const grant = grantOf(key, type, email, uri, now);
  const identity = email || 'the user of the key file';
  const access = { client: session.client(), authorizer: anonymous };
  return tokenAuthorizer(async () => {
    try {
      const { text } = await askText({ method: 'POST', url: new URL(uri), headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(grant()).toString() }, access, session);
      return parseTokenAnswer(text, 'gs', now());
    } catch (error) {
      session.signal.throwIfAborted();
      throw storeError(error, { store: 'gs', subject: 'a token', uri: identity, identity, deniedHint: 'the key was removed or is of another project: make a new one', notFoundHint: 'check token_uri in the key' });
    }
  }, identity, now);
}

function grantOf(key: JsonObject, type: string, email: string, uri: string, now: () => number): () => Record<string, string> {
  const secret = asText(key['private_key']);
  if (type === 'service_account' && email && secret) {
    return () => ({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertionOf(email, uri, secret, Math.floor(now() / 1000)) });
  }
  const refresh = asText(key['refresh_token']);
  if (type === 'authorized_user' && refresh) {
    return () => ({ grant_type: 'refresh_token', refresh_token: refresh, client_id: asText(key['client_id']), client_secret: asText(key['client_secret']) });
  }
  throw new IsvcError('ISVC_FETCH_CONFIG', `GOOGLE_APPLICATION_CREDENTIALS holds a key of type "${type}"`, { hint: 'use one of type service_account, authorized_user or external_account, or workload identity without a key' });
}

function assertionOf(email: string, audience: string, key: string, now: number): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ iss: email, scope: SCOPE, aud: audience, iat: now, exp: now + 3600 })}`;
  try {
    return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
  } catch {
    // Not with the cause, which may quote the key.
    throw new IsvcError('ISVC_FETCH_CONFIG', 'private_key of GOOGLE_APPLICATION_CREDENTIALS is no RSA key', { hint: 'put the JSON key of a service account into the secret unchanged' });
  }
}

async function metadataToken({ env, clock, signal }: FetchSession): Promise<ReturnType<typeof parseTokenAnswer> | undefined> {
  const client = new HttpClient({ connections: 1, connectMs: PATIENCE_MS, stallMs: PATIENCE_MS, guarded: false });
  try {
    const url = new URL(METADATA_PATH, `http://${env['GCE_METADATA_HOST'] || 'metadata.google.internal'}`);
    const { status, body } = await client.send({ url, headers: { 'metadata-flavor': 'Google' } }, signal);
    const text = await readText(body);
    return status === 200 ? parseTokenAnswer(text, 'gs', clock.now()) : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  } finally {
    client.close();
  }
}
