import { type IncomingMessage, type ServerResponse, request as httpRequest } from 'node:http';
import { listen } from './servers';

/** What goes wrong with one answer. `cut` and `reset` come in the middle of the body. */
export type Fault = 'stall' | 'reset' | 'truncate' | 'corrupt' | 'silent' | { readonly status: number; readonly body?: string };

export interface FaultProxy {
  readonly origin: string;
  /** Requests that came by, as `METHOD /path`. */
  readonly requests: string[];
}

export interface FaultProxyOptions {
  /** Which requests are hit. @default - all */
  readonly when?: (request: IncomingMessage) => boolean;
  /** How often. @default 1 */
  readonly times?: number;
}

/** A proxy of ours before a fake store: the first requests of a kind are spoilt, the others go through. */
export async function faultProxy(upstream: string, fault: Fault | undefined, { when = () => true, times = 1 }: FaultProxyOptions = {}): Promise<FaultProxy> {
  let left = fault === undefined ? 0 : times;
  const requests: string[] = [];
  const origin = await listen((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const hit = left > 0 && when(request);
    if (hit) left--;
    if (hit && fault === 'silent') return;
    if (hit && typeof fault === 'object') return void response.writeHead(fault.status, { 'content-type': 'application/xml' }).end(fault.body);
    forward(upstream, request, response, hit ? (fault as string) : undefined);
  });
  return { origin, requests };
}

function forward(upstream: string, request: IncomingMessage, response: ServerResponse, fault: string | undefined): void {
  const { hostname, port } = new URL(upstream);
  const onward = httpRequest({ hostname, port, path: request.url, method: request.method, headers: request.headers }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => spoil(response, answer, Buffer.concat(chunks), fault));
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
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
  response.end(body);
}
