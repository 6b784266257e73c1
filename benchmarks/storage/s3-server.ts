import { createHash, randomFillSync } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// A bucket `models` out of one buffer, so that serving costs next to nothing and what is measured is the client: `many/` is
// 1 GB in 200 files, `one/` a file of 2 GB that looks uploaded in parts. Every request is answered LATENCY_MS late.
// `GET /first` says when the first byte of an object went out, in milliseconds since 1970, and forgets it.
const LATENCY_MS = Number(process.env.LATENCY_MS ?? 0);
const MIB = 1024 * 1024;
const CHUNK = MIB;
const POOL = randomFillSync(Buffer.alloc(64 * MIB));

interface Stored {
  readonly size: number;
  /** Where its content begins in the pool, which goes round. */
  readonly from: number;
  readonly etag: string;
}

const objects = new Map<string, Stored>();
for (let i = 0; i < 200; i++) {
  const [size, from] = [5 * MIB, (i * 7919 * 512) % (POOL.length - 5 * MIB)];
  objects.set(`many/model-${String(i).padStart(5, '0')}.safetensors`, { size, from, etag: `"${createHash('md5').update(POOL.subarray(from, from + size)).digest('hex')}"` });
}
objects.set('one/model.safetensors', { size: 2048 * MIB, from: 0, etag: `"${'0'.repeat(32)}-256"` });

let first = 0;

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://x');
  if (url.pathname === '/first') {
    response.end(String(first));
    first = 0;
    return;
  }
  if (url.searchParams.has('prefix')) return list(response, url.searchParams.get('prefix') ?? '');
  if (request.method === 'HEAD' && url.pathname.split('/').filter(Boolean).length === 1) return void response.writeHead(200).end();
  const stored = objects.get(decodeURIComponent(url.pathname).replace(/^\/models\//, ''));
  if (!stored) return void response.writeHead(404).end();
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = Number(range?.[1] ?? 0);
  const end = Math.min(Number(range?.[2] || stored.size - 1), stored.size - 1) + 1;
  response.writeHead(range ? 206 : 200, {
    etag: stored.etag, 'content-length': end - start, 'accept-ranges': 'bytes', 'content-type': 'binary/octet-stream', 'last-modified': new Date(0).toUTCString(),
    ...(range ? { 'content-range': `bytes ${start}-${end - 1}/${stored.size}` } : {}),
  });
  if (request.method === 'HEAD') return void response.end();
  first ||= Date.now();
  send(response, stored.from + start, end - start);
}

/** Slices of the pool as fast as the other side takes them. */
function send(response: ServerResponse, from: number, length: number): void {
  for (let sent = 0; sent < length; ) {
    const at = (from + sent) % POOL.length;
    const slice = POOL.subarray(at, at + Math.min(CHUNK, length - sent, POOL.length - at));
    sent += slice.length;
    if (!response.write(slice) && sent < length) return void response.once('drain', () => send(response, from + sent, length - sent));
  }
  response.end();
}

function list(response: ServerResponse, prefix: string): void {
  const contents = [...objects].filter(([key]) => key.startsWith(prefix)).map(([key, { size, etag }]) =>
    `<Contents><Key>${key}</Key><LastModified>1970-01-01T00:00:00.000Z</LastModified><ETag>${etag.replaceAll('"', '&quot;')}</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`);
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>models</Name><Prefix>${prefix}</Prefix><KeyCount>${contents.length}</KeyCount><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`);
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (LATENCY_MS === 0) answer(request, response);
  else setTimeout(() => answer(request, response), LATENCY_MS);
});
server.listen(0, '127.0.0.1', () => process.stderr.write(`listening on port ${(server.address() as AddressInfo).port}\n`));
process.on('SIGTERM', () => process.exit(0));
