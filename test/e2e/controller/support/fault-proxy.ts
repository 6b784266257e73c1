import { createServer, request as httpRequest, type IncomingMessage, type RequestOptions, type Server, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { KubeConnection } from 'cdk8s-kserve-controller';

/** What happens to one request on its way to the API server. */
export type Fault =
  | { readonly type: 'pass' }
  /** Answered here; the server never sees it. */
  | { readonly type: 'refuse'; readonly status: number; readonly reason: string }
  | { readonly type: 'delay'; readonly ms: number }
  /** The connection ends before the server sees the request. */
  | { readonly type: 'lose the request' }
  /** The server does it, and the connection ends before the answer arrives. */
  | { readonly type: 'lose the answer' }
  /** A read is answered with what was true when it was asked before. */
  | { readonly type: 'answer from the past' }
  /** The connection ends in the middle of the answer; a watch after its first event. */
  | { readonly type: 'cut the answer' };

export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly isWatch: boolean;
}

const PASS: Fault = { type: 'pass' };

/** An HTTP proxy before the API server that loses, delays, refuses and repeats what a test tells it to. */
export class FaultProxy {
  readonly connection: KubeConnection;
  /** Decides each request's fate. */
  fate: (request: SeenRequest) => Fault = () => PASS;
  /** How often each kind of fault struck. */
  readonly struck = new Map<Fault['type'], number>();
  private readonly target: KubeConnection;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly past = new Map<string, { readonly status: number; readonly type: string; readonly body: Buffer }>();

  private constructor(target: KubeConnection, server: Server) {
    this.target = target;
    this.server = server;
    this.connection = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  static async start(target: KubeConnection): Promise<FaultProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new FaultProxy(target, server);
    server.on('request', (request, response) => void proxy.handle(request, response));
    server.on('connection', (socket: Socket) => {
      proxy.sockets.add(socket);
      socket.once('close', () => proxy.sockets.delete(socket));
    });
    return proxy;
  }

  /** Every connection ends now, watches included. */
  cutAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    this.cutAll();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = request;
    const isWatch = /[?&]watch=(true|1)/.test(path);
    const fault = this.fate({ method, path, isWatch });
    if (fault.type !== 'pass') this.struck.set(fault.type, (this.struck.get(fault.type) ?? 0) + 1);
    const body = await bodyOf(request).catch(() => undefined);
    if (!body) return;
    switch (fault.type) {
      case 'refuse':
        return void response.writeHead(fault.status, { 'content-type': 'application/json', ...(fault.status === 429 ? { 'retry-after': '1' } : {}) })
          .end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: fault.reason, code: fault.status, message: 'a fault of the test' }));
      case 'lose the request':
        return void request.socket.destroy();
      case 'delay':
        await this.pause(fault.ms);
        break;
      case 'answer from the past': {
        const old = this.past.get(path);
        if (old && method === 'GET') return void response.writeHead(old.status, { 'content-type': old.type }).end(old.body);
        break;
      }
      default:
    }
    await this.forward(method, path, isWatch, body, request, response, fault);
  }

  private async forward(method: string, path: string, isWatch: boolean, body: Buffer, request: IncomingMessage, response: ServerResponse, fault: Fault): Promise<void> {
    const options = await this.targetOptions(method, path, request);
    if (request.socket.destroyed) return; // The client left meanwhile, and a watch that nobody reads would stay open for minutes.
    const send = options.protocol === 'https:' ? httpsRequest : httpRequest;
    const onward = send(options, (answer) => {
      if (fault.type === 'lose the answer') {
        // A watch has no end to wait for.
        if (isWatch) request.socket.destroy();
        else answer.resume().once('end', () => request.socket.destroy());
        return;
      }
      const type = answer.headers['content-type'] ?? 'application/json';
      response.writeHead(answer.statusCode ?? 500, { 'content-type': type });
      const kept: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => {
        if (fault.type === 'cut the answer') {
          response.write(isWatch ? chunk : chunk.subarray(0, chunk.length >> 1), () => request.socket.destroy());
          answer.destroy();
          return;
        }
        if (!isWatch && method === 'GET') kept.push(chunk);
        response.write(chunk);
      });
      answer.once('end', () => {
        // Lists of the past would be endless history; single objects and the first list of each are enough.
        if (!isWatch && method === 'GET' && !this.past.has(path)) this.past.set(path, { status: answer.statusCode ?? 500, type, body: Buffer.concat(kept) });
        response.end();
      }).on('error', () => request.socket.destroy());
    });
    onward.on('error', () => request.socket.destroy());
    response.once('close', () => onward.destroy());
    onward.end(body);
  }

  private async targetOptions(method: string, path: string, request: IncomingMessage): Promise<RequestOptions & { readonly rejectUnauthorized?: boolean }> {
    const { url, token, authorize, ca, cert, key, insecure } = this.target;
    const auth = await authorize?.();
    const { protocol, hostname, port } = new URL(url);
    const { host: _host, connection: _connection, ...headers } = request.headers;
    const tls = { ca, cert, key, insecure, ...auth?.tls };
    return {
      protocol, hostname, port, method, path,
      headers: { ...headers, ...(token ? { authorization: `Bearer ${token}` } : {}), ...auth?.headers },
      ...(protocol === 'https:' ? { ca: tls.ca, cert: tls.cert, key: tls.key, rejectUnauthorized: tls.insecure !== true } : {}),
    };
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        resolve();
      }, ms);
      this.timers.add(timer);
    });
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
