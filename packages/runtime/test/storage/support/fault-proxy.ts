import { type IncomingMessage, type ServerResponse, request as httpRequest } from 'node:http';
import { listen } from './servers';

/** What goes wrong with one answer. `stall`, `reset` and `truncate` come in the middle of the body; a `loop` leads to itself. */
export type Fault = 'stall' | 'reset' | 'truncate' | 'corrupt' | 'silent' | 'slow' | 'loop' | { readonly status: number; readonly body?: string };

/** Answers that are slow come in so many pieces, with a little time between them. */
const PIECES = 30;
const PIECE_MS = 10;

export interface FaultProxy {
  readonly origin: string;
  /** Requests that came by, as `METHOD /path`. */
  readonly requests: string[];
}

export interface FaultProxyOptions {
  /** Which requests are hit. @default - all */
  readonly when?: (request: IncomingMessage, body: Buffer) => boolean;
  /** How often. @default 1 */
  readonly times?: number;
}

/** A proxy of ours before a fake store: the first requests of a kind are spoilt, the others go through. */
export async function faultProxy(upstream: string, fault: Fault | undefined, { when = () => true, times = 1 }: FaultProxyOptions = {}): Promise<FaultProxy> {
  let left = fault === undefined ? 0 : times;
  const requests: string[] = [];
  const origin = await listen((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const body = Buffer.concat(chunks);
      const hit = left > 0 && when(request, body);
      if (hit) left--;
      if (hit && fault === 'silent') return;
      if (hit && fault === 'loop') return void response.writeHead(302, { location: request.url }).end();
      if (hit && typeof fault === 'object') return void response.writeHead(fault.status, { 'content-type': 'application/xml' }).end(fault.body);
      forward(upstream, request, body, response, hit ? (fault as string) : undefined);
    });
  });
  return { origin, requests };
}

function forward(upstream: string, request: IncomingMessage, sent: Buffer, response: ServerResponse, fault: string | undefined): void {
  const { hostname, port } = new URL(upstream);
  const onward = httpRequest({ hostname, port, path: request.url, method: request.method, headers: request.headers }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => spoil(response, answer, Buffer.concat(chunks), fault));
  });
  onward.on('error', () => response.destroy());
  onward.end(sent);
}

function spoil(response: ServerResponse, answer: IncomingMessage, body: Buffer, fault: string | undefined): void {
  const { 'transfer-encoding': _, ...headers } = answer.headers;
  const half = body.subarray(0, Math.floor(body.length / 2));
  if (fault === 'corrupt') {
    body = Buffer.from(body);
    body[half.length] = (body[half.length] ?? 0) ^ 0xff;
  }
  if (fault === 'truncate') {
    // A well-formed answer that is too short: no length, and the connection ends.
    const { 'content-length': __, ...rest } = headers;
    response.writeHead(answer.statusCode ?? 500, { ...rest, connection: 'close' });
    return void response.end(half);
  }
  response.writeHead(answer.statusCode ?? 500, headers);
  if (fault === 'stall') return void response.write(half);
  if (fault === 'reset') return void response.write(half, () => setImmediate(() => response.socket?.resetAndDestroy()));
  if (fault === 'slow') return trickle(response, body);
  response.end(body);
}

function trickle(response: ServerResponse, body: Buffer): void {
  const size = Math.ceil(body.length / PIECES) || 1;
  let at = 0;
  const timer = setInterval(() => {
    if (at >= body.length) return void response.end();
    response.write(body.subarray(at, (at += size)));
  }, PIECE_MS);
  response.on('close', () => clearInterval(timer));
}
