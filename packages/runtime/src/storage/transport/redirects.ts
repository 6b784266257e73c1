import { IsvcError } from 'cdk8s-kserve/api';
import { assertAllowedHost } from './address-guard';
import type { HttpClient, HttpRequest, HttpResponse } from './http-client';

const MOST = 10;
const STATUSES = new Set([301, 302, 303, 307, 308]);
/** What a request may carry to another host; everything else may be a credential. */
const HARMLESS_HEADERS = new Set(['range', 'accept', 'accept-encoding', 'user-agent', 'if-match', 'if-unmodified-since']);

/**
 * Sends a GET or HEAD and follows where it leads. Headers with credentials stay with the host they were meant for, and
 * encryption is not given up on the way.
 *
 * @throws IsvcError ISVC_FETCH_UNSAFE for a way that must not be gone, and what the client throws.
 */
export async function sendFollowing(client: HttpClient, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
  let current = request;
  for (let hops = 0; hops <= MOST; hops++) {
    const response = await client.send(current, signal);
    const { location } = response.headers;
    if (!STATUSES.has(response.status) || location === undefined) return response;
    response.body.resume();
    const url = targetOf(location, current.url);
    const headers = url.origin === current.url.origin ? current.headers : harmless(current.headers);
    // 412 would name the wrong thing: tags belong to the host that gave them, which is the last one.
    current = { ...current, url, headers: headers ?? {} };
  }
  throw new IsvcError('ISVC_FETCH_UNSAFE', `${request.url.host} leads on and on, more than ${MOST} times`, { hint: 'use the address that it should lead to' });
}

/** Where an answer leads. @throws IsvcError ISVC_FETCH_UNSAFE for a way that must not be gone. */
export function targetOf(location: string, from: URL): URL {
  const unsafe = (what: string): IsvcError => new IsvcError('ISVC_FETCH_UNSAFE', `${from.host} leads to ${what}`, { hint: 'use the address of the file itself' });
  if (!URL.canParse(location, from.href)) throw unsafe('something that is no address');
  const url = new URL(location, from.href);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw unsafe(`a ${url.protocol} address`);
  if (from.protocol === 'https:' && url.protocol === 'http:') throw unsafe(`${url.host} without encryption`);
  if (isLoopback(url.hostname) && !isLoopback(from.hostname)) throw unsafe(`${url.host}, this machine itself`);
  assertAllowedHost(url);
  return url;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\./.test(host) || host === '0.0.0.0' || host === '[::]';
}

function harmless(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => HARMLESS_HEADERS.has(name.toLowerCase())));
}
