import { createHmac } from 'node:crypto';
import type { Authorizer } from '../transport/authorizer';
import type { HttpRequest } from '../transport/http-client';

/** Signs requests with an account key ("Shared Key"). Only requests without a body are signed: nothing else is sent. */
export function sharedKeyAuthorizer(account: string, key: string, now: () => number): Authorizer {
  return {
    identity: `the key of account ${account}`,
    authorize: async (request) => signSharedKey(request, account, key, now()),
    renew: () => false,
  };
}

/** @param now milliseconds since 1970. */
export function signSharedKey(request: HttpRequest, account: string, key: string, now: number): HttpRequest {
  const headers: Record<string, string> = {
    ...Object.fromEntries(Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
    'x-ms-date': new Date(now).toUTCString(),
  };
  const standard = ['content-encoding', 'content-language', 'content-length', 'content-md5', 'content-type', 'date', 'if-modified-since', 'if-match', 'if-none-match', 'if-unmodified-since', 'range'];
  const ours = Object.keys(headers).filter((name) => name.startsWith('x-ms-')).sort().map((name) => `${name}:${(headers[name] ?? '').trim()}`);
  const query = [...request.url.searchParams].map(([name, value]) => `${name.toLowerCase()}:${value}`).sort();
  const text = [request.method ?? 'GET', ...standard.map((name) => headers[name] ?? ''), ...ours, [`/${account}${request.url.pathname}`, ...query].join('\n')].join('\n');
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64');
  return { ...request, headers: { ...headers, authorization: `SharedKey ${account}:${signature}` } };
}
