import type { IncomingMessage } from 'node:http';

/** Who a request comes from, as its server sees it: one word for each kind of credentials, never a signature. */
export function identityOf(request: IncomingMessage): string {
  const { authorization = '', 'x-api-key': apiKey } = request.headers;
  const query = new URL(request.url ?? '/', 'http://x').searchParams;
  const aws = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d+\/([^/]+)\//.exec(authorization);
  if (aws) return `key ${aws[1]} in ${aws[2]}`;
  const sharedKey = /^SharedKey ([^:]+):/.exec(authorization);
  if (sharedKey) return `key of account ${sharedKey[1]}`;
  if (authorization.startsWith('Basic ')) return `login ${Buffer.from(authorization.slice(6), 'base64').toString()}`;
  if (authorization) return authorization.replace(/^Bearer /, 'token ');
  if (apiKey !== undefined) return `header ${String(apiKey)}`;
  if (query.has('delegation')) return `delegation ${query.get('delegation')}`;
  return query.has('sig') ? `signature ${query.get('sig')}` : 'nobody';
}
