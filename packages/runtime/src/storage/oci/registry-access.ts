import type { FetchSession } from '../session';
import { askHead, askText, type StoreAccess } from '../transport/ask';
import { anonymous, type Authorizer, headerAuthorizer, tokenAuthorizer } from '../transport/authorizer';
import { HttpFailure } from '../transport/failure';
import { parseTokenAnswer } from '../transport/token-answer';
import type { RegistryLogin } from './docker-config';

/**
 * How to speak to a registry: asks for a manifest without credentials and does what its challenge says.
 *
 * @param probe the address of the manifest.
 */
export async function registryAccess(probe: URL, repository: string, login: RegistryLogin | undefined, session: FetchSession): Promise<StoreAccess> {
  const client = session.client();
  const challenge = await challengeOf(probe, { client, authorizer: anonymous, redirects: true }, session);
  const identity = login ? `user ${login.user}` : 'anonymous';
  const basic: Record<string, string> = login ? { authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}` } : {};
  const access = (authorizer: Authorizer): StoreAccess => ({ client, authorizer, redirects: true });
  if (!challenge || !/^bearer\b/i.test(challenge)) return access(login ? headerAuthorizer(basic, identity) : anonymous);
  const parameter = (name: string): string => new RegExp(`${name}="([^"]*)"`, 'i').exec(challenge)?.[1] ?? '';
  const realm = new URL(parameter('realm'), probe.href);
  realm.searchParams.set('scope', parameter('scope') || `repository:${repository}:pull`);
  if (parameter('service')) realm.searchParams.set('service', parameter('service'));
  const tokens = { client, authorizer: login ? headerAuthorizer(basic, identity) : anonymous };
  return access(tokenAuthorizer(async () => parseTokenAnswer((await askText({ url: realm }, tokens, session)).text, 'oci', session.clock.now()), identity, () => session.clock.now()));
}

async function challengeOf(url: URL, access: StoreAccess, session: FetchSession): Promise<string | undefined> {
  try {
    await askHead({ url }, access, session);
    return undefined;
  } catch (error) {
    session.signal.throwIfAborted();
    // Whatever else is wrong, asking for the manifest itself will say it.
    return error instanceof HttpFailure && error.status === 401 ? error.headers['www-authenticate'] : undefined;
  }
}
