import { readFile } from 'node:fs/promises';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { FetchSession } from '../session';
import { askText } from '../transport/ask';
import { anonymous, type Authorizer, headerAuthorizer, type Token, tokenAuthorizer } from '../transport/authorizer';
import type { HttpRequest } from '../transport/http-client';
import { asObject, asText, fieldOf, type JsonObject, parseJson } from '../transport/json';
import { storeError } from '../transport/store-error';
import { parseTokenAnswer } from '../transport/token-answer';

const STORAGE_SCOPE = 'https://www.googleapis.com/auth/devstorage.read_only';
const PLATFORM_SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

/**
 * Workload identity federation: a token of another issuer (the service account token of this pod, say), from a file or an
 * address, is exchanged for one of Google, and that, where the configuration says so, for one of a service account.
 *
 * @param key a configuration of type `external_account`.
 * @throws IsvcError ISVC_FETCH_CONFIG for one that names neither file nor address.
 */
export function externalAccountAuthorizer(key: JsonObject, session: FetchSession): Authorizer {
  const impersonation = asText(key['service_account_impersonation_url']);
  const account = /serviceAccounts\/([^:/]+):/.exec(impersonation)?.[1];
  const identity = account ?? `a federated identity of ${asText(key['audience'])}`;
  const subject = subjectTokenOf(key, session);
  return tokenAuthorizer(async () => {
    try {
      const federated = await exchange(key, await subject(), impersonation === '' ? STORAGE_SCOPE : PLATFORM_SCOPE, session);
      return impersonation === '' ? federated : await impersonate(key, impersonation, federated, session);
    } catch (error) {
      session.signal.throwIfAborted();
      throw storeError(error, {
        store: 'gs', subject: 'a token', uri: identity, identity,
        deniedHint: 'check the provider and its attribute condition, and that the identity has roles/iam.workloadIdentityUser on the service account',
        notFoundHint: 'check the addresses of the credential configuration',
        detail: ({ body }) => fieldOf(body, 'error_description') ?? fieldOf(body, 'message'),
      });
    }
  }, identity, () => session.clock.now());
}

async function exchange(key: JsonObject, subjectToken: string, scope: string, session: FetchSession): Promise<Token> {
  const form = new URLSearchParams({
    grant_type: EXCHANGE, audience: asText(key['audience']), scope, requested_token_type: ACCESS_TOKEN,
    subject_token: subjectToken, subject_token_type: asText(key['subject_token_type']) || 'urn:ietf:params:oauth:token-type:jwt',
  });
  const request: HttpRequest = { method: 'POST', url: addressOf(asText(key['token_url']) || 'https://sts.googleapis.com/v1/token', 'token_url'), headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form.toString() };
  return parseTokenAnswer((await askText(request, { client: session.client(), authorizer: anonymous }, session)).text, 'gs', session.clock.now());
}

async function impersonate(key: JsonObject, address: string, token: Token, session: FetchSession): Promise<Token> {
  const seconds = Number(asObject(key['service_account_impersonation'])['token_lifetime_seconds'] ?? 3600);
  const request: HttpRequest = {
    method: 'POST', url: addressOf(address, 'service_account_impersonation_url'), headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ scope: [STORAGE_SCOPE], lifetime: `${seconds}s` }),
  };
  const access = { client: session.client(), authorizer: headerAuthorizer({ authorization: `Bearer ${token.value}` }, 'the federated token') };
  const answer = asObject(parseJson((await askText(request, access, session)).text, 'gs'));
  const expires = Date.parse(asText(answer['expireTime']));
  const value = asText(answer['accessToken']);
  if (value === '') throw new IsvcError('ISVC_FETCH_DENIED', 'gs: the answer holds no token', { hint: 'check service_account_impersonation_url' });
  return { value, expires: Number.isFinite(expires) ? expires : session.clock.now() + seconds * 1000 };
}

/** Read afresh for each exchange: the platform replaces such tokens every few minutes. */
function subjectTokenOf(key: JsonObject, session: FetchSession): () => Promise<string> {
  const source = asObject(key['credential_source']);
  const [file, url] = [asText(source['file']), asText(source['url'])];
  const tokenIn = (text: string): string => {
    const format = asObject(source['format']);
    const value = format['type'] === 'json' ? asText(asObject(parseJson(text, 'gs'))[asText(format['subject_token_field_name'])]) : text.trim();
    if (value === '') throw new IsvcError('ISVC_FETCH_CONFIG', 'credential_source holds no token', { hint: 'check its format and subject_token_field_name' });
    return value;
  };
  if (file !== '') {
    return async () => {
      const text = await readFile(file, 'utf8').catch((error: unknown) => {
        throw new IsvcError('ISVC_FETCH_CONFIG', `the token of credential_source cannot be read: ${messageOf(error)}`, { path: file, hint: 'mount the projected service account token there', cause: error });
      });
      return tokenIn(text);
    };
  }
  if (url !== '') {
    const headers = Object.fromEntries(Object.entries(asObject(source['headers'])).map(([name, value]) => [name.toLowerCase(), asText(value)]));
    // From the mounted configuration, not from a resource; on other clouds it is their metadata address.
    const access = { client: session.client({ guarded: false }), authorizer: headerAuthorizer(headers, 'this pod') };
    return async () => tokenIn((await askText({ url: addressOf(url, 'credential_source.url') }, access, session)).text);
  }
  throw new IsvcError('ISVC_FETCH_CONFIG', 'the credential configuration has a credential_source without file and url', { hint: 'make one with gcloud iam workload-identity-pools create-cred-config and --credential-source-file' });
}

function addressOf(text: string, field: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new IsvcError('ISVC_FETCH_CONFIG', `${field} of the credential configuration is not an address`, { hint: 'make the configuration again' });
}
