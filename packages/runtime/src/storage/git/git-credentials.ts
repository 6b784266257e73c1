import type { FetchSession } from '../session';
import { anonymous, type Authorizer, headerAuthorizer } from '../transport/authorizer';
import type { GitAddress } from './git-address';

/** Servers that take a token as the password care for no user, but want one. */
const ANY_USER = 'git';

/**
 * Who asks, as in KServe: the user of the address or `GIT_USERNAME` with `GIT_PASSWORD`, which may be a token. A password in the
 * address is in every log that shows the resource; it is not used.
 */
export function gitAuthorizer({ user, hasPassword }: GitAddress, { env, warn }: FetchSession): Authorizer {
  const password = env['GIT_PASSWORD']?.trim();
  if (hasPassword) warn('the password in the address of the git repository is ignored, as in KServe; use GIT_PASSWORD');
  if (!password) return anonymous;
  const name = user || env['GIT_USERNAME']?.trim() || ANY_USER;
  return headerAuthorizer({ authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` }, `user ${name}`);
}
