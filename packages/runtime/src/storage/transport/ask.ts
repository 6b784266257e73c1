import type { FetchSession } from '../session';
import type { Authorizer } from './authorizer';
import { HttpFailure } from './failure';
import type { HttpClient, HttpRequest, HttpResponse } from './http-client';
import { readStart, readText } from './read-text';
import { sendFollowing } from './redirects';
import { retry } from './retry';

/** One store as it is spoken to: the connections, and how a request proves who asks. */
export interface StoreAccess {
  readonly client: HttpClient;
  readonly authorizer: Authorizer;
  /** @default false - an answer that leads elsewhere is a failure */
  readonly redirects?: boolean;
}

/**
 * One request, with one more try where credentials have run out on the way.
 *
 * @throws HttpFailure for every status outside 200 to 299.
 */
export async function askOnce(request: HttpRequest, { client, authorizer, redirects }: StoreAccess, signal: AbortSignal): Promise<HttpResponse> {
  for (let first = true; ; first = false) {
    const authorized = await authorizer.authorize(request, signal);
    const response = redirects ? await sendFollowing(client, authorized, signal) : await client.send(authorized, signal);
    if (response.status >= 200 && response.status < 300) return response;
    const failure = new HttpFailure(response.status, response.headers, await readStart(response.body));
    if (!(first && isExpired(failure) && authorizer.renew())) throw failure;
  }
}

/** The same with retries and the body as text: listings, tokens, metadata. */
export async function askText(request: HttpRequest, access: StoreAccess, session: FetchSession): Promise<{ readonly text: string; readonly response: HttpResponse }> {
  return retry(async () => {
    const response = await askOnce(request, access, session.signal);
    return { text: await readText(response.body), response };
  }, { ...session, attempts: session.settings.attempts });
}

/** Only the head: HEAD requests. */
export async function askHead(request: HttpRequest, access: StoreAccess, session: FetchSession): Promise<HttpResponse> {
  return retry(async () => {
    const response = await askOnce({ ...request, method: 'HEAD' }, access, session.signal);
    response.body.resume();
    return response;
  }, { ...session, attempts: session.settings.attempts });
}

function isExpired({ status, body }: HttpFailure): boolean {
  return status === 401 || ((status === 400 || status === 403) && /ExpiredToken|TokenRefreshRequired|RequestExpired|AuthenticationFailed/.test(body));
}
