// The token server of a registry: gives a signed token to whoever knows the password, and nothing to others.
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';

/**
 * @param login `user:password`
 * @param issuer, service what the registry expects in tokens
 * @returns `realm`, the address; `keys`, a JSON Web Key Set for the registry; `close()`
 */
export async function startTokenServer(login, issuer, service) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomUUID();
  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Basic ${Buffer.from(login).toString('base64')}`) return void response.writeHead(401).end();
    const [type, name, actions = ''] = (new URL(request.url, 'http://x').searchParams.get('scope') ?? '').split(':');
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, sub: 'ann', aud: service, iat: now, nbf: now - 5, exp: now + 300, jti: randomUUID(), access: [{ type, name, actions: actions.split(',') }] };
    const text = [{ typ: 'JWT', alg: 'ES256', kid }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token: `${text}.${signature}`, expires_in: 300 }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    realm: `http://127.0.0.1:${server.address().port}/token`,
    keys: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' }] },
    close: () => server.close(),
  };
}
