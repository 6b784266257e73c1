import { createHash, createVerify, generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { selfSignedCertificate } from '../../../packages/local/src/apiserver/tls/self-signed-certificate';
import { fakeS3 } from '../../../packages/runtime/test/storage/support/fake-s3';
import { FAKE_STORES } from '../../../packages/runtime/test/storage/support/fake-stores';
import { faultProxy } from '../../../packages/runtime/test/storage/support/fault-proxy';
import { answerFile } from '../../../packages/runtime/test/storage/support/file-server';
import { closedAfterTest, listen, listenWith } from '../../../packages/runtime/test/storage/support/servers';
import { identityOf } from './seen';

/** Starts a server; whoever asks it is added to `seen`. @returns its origin. */
export type Serve = (model: Buffer, seen: Set<string>) => Promise<string>;

const FILE = 'model.json';
export const S3_KEYS = { accessKeyId: 'AKIAANN', secretAccessKey: 'anns/secret+key' };

/** A bucket `models` that checks signatures, or takes those only who sign nothing. */
export function s3(keys: typeof S3_KEYS | undefined): Serve {
  return async (model, seen) => recorded(await fakeS3({ [`iris/${FILE}`]: model }, keys ? { keys } : {}), seen);
}

/** One of the stores that the fetcher's own tests use; each answers to its credentials only. */
export function store(name: keyof typeof FAKE_STORES): Serve {
  return async (model, seen) => recorded(await FAKE_STORES[name].serve({ [FILE]: model }), seen);
}

/** A proxy that spoils nothing: it looks who comes by. */
async function recorded(upstream: string, seen: Set<string>): Promise<string> {
  const { origin } = await faultProxy(upstream, { status: 500 }, { when: (request) => {
    seen.add(identityOf(request));
    return false;
  } });
  return origin;
}

/** A web server that wants one header, or `undefined` for none. */
export function web(header?: readonly [name: string, value: string]): Serve {
  return (model, seen) => listen((request, response) => {
    seen.add(identityOf(request));
    if (header && request.headers[header[0]] !== header[1]) return void response.writeHead(403).end();
    answerFile(request, response, model);
  });
}

const { certificate, privateKey } = selfSignedCertificate(new Date(), ['storage.googleapis.com']);
/** What vouches for the servers here that answer with TLS. */
export const CA = certificate;

/** A web server whose certificate only `CA` vouches for. */
export const secureWeb: Serve = (model) => listenWith((server) => void server.on('request', (request: IncomingMessage, response: ServerResponse) => answerFile(request, response, model)), { cert: certificate, key: privateKey });

/** The same as an S3 server that asks for no signature. */
export const secureS3: Serve = (model, seen) => listenWith((server) => void server.on('request', (request: IncomingMessage, response: ServerResponse) => {
  seen.add(identityOf(request));
  if (!request.url?.includes('list-type')) return answerFile(request, response, model);
  const etag = createHash('md5').update(model).digest('hex');
  response.end(`<ListBucketResult><Contents><Key>iris/${FILE}</Key><ETag>"${etag}"</ETag><Size>${model.length}</Size></Contents></ListBucketResult>`);
}), { cert: certificate, key: privateKey });

const google = generateKeyPairSync('rsa', { modulusLength: 2048 });
/** The key file of a service account, less the address that exchanges it. */
export const GOOGLE_KEY = { type: 'service_account', client_email: 'ann@project', private_key: google.privateKey.export({ type: 'pkcs8', format: 'pem' }) };

/** Exchanges assertions that the key of the service account has signed, and leads `storage.googleapis.com` to a bucket of ours. */
export const googleBehindProxy: Serve = async (model, seen) => {
  const bucket = new URL(await listenWith((server) => void server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    seen.add(`${request.headers.host}: ${identityOf(request)}`);
    if (request.headers.authorization !== 'Bearer issued') return void response.writeHead(401).end();
    if (request.url?.startsWith('/download/')) return answerFile(request, response, model);
    response.end(JSON.stringify({ items: [{ name: `iris/${FILE}`, size: String(model.length), generation: '7', md5Hash: createHash('md5').update(model).digest('base64') }] }));
  }), { cert: certificate, key: privateKey }));
  return listenWith((server) => {
    server.on('request', (request, response) => void withBody(request, (form) => {
      const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
      const isSigned = createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(google.publicKey, signature, 'base64url');
      seen.add(`assertion of ${isSigned ? String((JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iss: string }).iss) : 'nobody'}`);
      response.end('{"access_token":"issued","expires_in":3600}');
    }));
    server.on('connect', (request, socket) => {
      if (request.url !== 'storage.googleapis.com:443') return void socket.end('HTTP/1.1 403 No\r\n\r\n');
      const onward = closedAfterTest(connect(Number(bucket.port), '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n')));
      closedAfterTest(socket);
      onward.on('error', () => socket.destroy()).pipe(socket.on('error', () => onward.destroy())).pipe(onward);
    });
  });
};

/** A container of Azure Blob that opens to the token of a service principal, and what gives such tokens. */
export const azureWithPrincipal: Serve = (model, seen) => listen((request, response) => {
  const url = new URL(request.url ?? '/', 'http://x');
  if (url.pathname.endsWith('/oauth2/v2.0/token')) {
    return withBody(request, (form) => {
      seen.add(`client ${form.get('client_id')} with ${form.get('client_secret')} of ${url.pathname.split('/')[1]}`);
      response.end('{"access_token":"issued","expires_in":3600}');
    });
  }
  seen.add(identityOf(request));
  if (request.headers.authorization !== 'Bearer issued') return void response.writeHead(403).end();
  const etag = createHash('md5').update(model).digest('hex');
  if (url.searchParams.get('comp') !== 'list') return answerFile(request, response, model);
  response.end(`<EnumerationResults><Blobs><Blob><Name>iris/${FILE}</Name><Properties><Content-Length>${model.length}</Content-Length><Etag>${etag}</Etag></Properties></Blob></Blobs><NextMarker /></EnumerationResults>`);
});

function withBody(request: IncomingMessage, use: (form: URLSearchParams) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => use(new URLSearchParams(Buffer.concat(chunks).toString())));
}
