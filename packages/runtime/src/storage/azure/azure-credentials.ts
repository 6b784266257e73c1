import { readFile } from 'node:fs/promises';
import type { FetchSession } from '../session';
import { askText } from '../transport/ask';
import { anonymous, type Authorizer, headerAuthorizer, tokenAuthorizer } from '../transport/authorizer';
import type { HttpRequest } from '../transport/http-client';
import { storeError } from '../transport/store-error';
import { parseTokenAnswer } from '../transport/token-answer';
import { sharedKeyAuthorizer } from './shared-key';

const RESOURCE = 'https://storage.azure.com/';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/**
 * Who asks Azure storage, by KServe's variables: the signature in the address (SAS), an account key, a given token, a service
 * principal, workload identity, a managed identity, nobody.
 */
export function findAzureAuthorizer(account: string, hasSas: boolean, session: FetchSession): Authorizer {
  const { env, clock } = session;
  const now = (): number => clock.now();
  if (hasSas) return { ...anonymous, identity: 'the signature in the address' };
  const key = env['AZURE_STORAGE_ACCESS_KEY'];
  if (key) return sharedKeyAuthorizer(account, key.trim(), now);
  const given = env['AZURE_ACCESS_TOKEN'];
  if (given) return headerAuthorizer({ authorization: `Bearer ${given.trim()}` }, 'the owner of AZURE_ACCESS_TOKEN');
  const value = (name: string): string => env[`AZURE_${name}`] || env[`AZ_${name}`] || '';
  const [tenant, client, secret, tokenFile] = [value('TENANT_ID'), value('CLIENT_ID'), value('CLIENT_SECRET'), value('FEDERATED_TOKEN_FILE')];
  if (client === '') return anonymous;
  if (session.onMachineIdentity && !(tenant && secret)) {
    session.onMachineIdentity(tenant && tokenFile ? `client ${client} by workload identity` : `managed identity ${client}`);
    return anonymous;
  }
  const authority = (env['AZURE_AUTHORITY_HOST'] || 'https://login.microsoftonline.com').replace(/\/+$/, '');
  const tokenUrl = new URL(`${authority}/${tenant}/oauth2/v2.0/token`);
  const base = { grant_type: 'client_credentials', client_id: client, scope: `${RESOURCE}.default` };
  const post = (fields: Record<string, string>): HttpRequest => ({ method: 'POST', url: tokenUrl, headers: FORM, body: new URLSearchParams(fields).toString() });
  const request = async (): Promise<HttpRequest> => {
    if (tenant && secret) return post({ ...base, client_secret: secret });
    if (tenant && tokenFile) {
      return post({ ...base, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: (await readFile(tokenFile, 'utf8')).trim() });
    }
    const url = new URL('/metadata/identity/oauth2/token', env['AZURE_POD_IDENTITY_AUTHORITY_HOST'] || 'http://169.254.169.254');
    url.search = new URLSearchParams({ 'api-version': '2018-02-01', resource: RESOURCE, client_id: client }).toString();
    return { url, headers: { metadata: 'true' } };
  };
  const identity = `client ${client}`;
  const access = { client: session.client({ guarded: Boolean(tenant && (secret || tokenFile)) }), authorizer: anonymous };
  return tokenAuthorizer(async () => {
    try {
      return parseTokenAnswer((await askText(await request(), access, session)).text, 'azure', now());
    } catch (error) {
      session.signal.throwIfAborted();
      throw storeError(error, { store: 'azure', subject: 'a token', uri: identity, identity, deniedHint: 'check tenant, client and secret', notFoundHint: 'check AZURE_TENANT_ID' });
    }
  }, identity, now);
}
