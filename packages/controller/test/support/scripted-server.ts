import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export type Answer = (request: SeenRequest, response: ServerResponse) => void;

/** A loopback HTTP server that answers as a test says and remembers what it was asked. */
export class ScriptedServer {
  readonly seen: SeenRequest[] = [];
  url = '';
  private readonly routes = new Map<string, Answer>();
  private readonly server = createServer((request, response) => void this.handle(request, response));

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  /** `GET /apis/apps/v1`: later calls replace earlier ones. */
  on(methodAndPath: string, answer: Answer | object): this {
    this.routes.set(methodAndPath, typeof answer === 'function' ? (answer as Answer) : (_request, response) => sendJson(response, 200, answer));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const url = new URL(request.url ?? '/', this.url);
    const text = Buffer.concat(chunks).toString('utf8');
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text ? (JSON.parse(text) as unknown) : undefined,
    };
    this.seen.push(seen);
    const answer = this.routes.get(`${seen.method} ${seen.path}`);
    if (answer) {
      answer(seen, response);
    } else {
      sendStatus(response, 404, 'NotFound', 'the server could not find the requested resource');
    }
  }
}

export function sendJson(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function sendStatus(response: ServerResponse, code: number, reason: string, message: string, details: object = {}): void {
  sendJson(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message, details });
}
