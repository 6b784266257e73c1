import * as http from 'node:http';
import * as https from 'node:https';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { KubeConnection, TlsOptions } from './connection';
import { KubeApiError } from './kube-api-error';

export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query below the connection's url. */
  readonly path: string;
  readonly body?: unknown;
  /** @default 'application/json' */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

export interface TransportOptions {
  /** A request without an answer after this long counts as unreachable. @default 30000 */
  readonly timeoutMs?: number;
}

const KEEP_ALIVE_PROBE_MS = 15_000;

/** HTTP to one API server: keep-alive, credentials, deadlines, and foreign errors turned into ours. */
export class Transport {
  private readonly connection: KubeConnection;
  private readonly base: URL;
  private readonly agent: http.Agent;
  private readonly timeoutMs: number;

  constructor(connection: KubeConnection, options: TransportOptions = {}) {
    this.connection = connection;
    this.base = parseUrl(connection.url);
    // The TCP probes are what notices a peer that vanished without a word under an idle watch.
    const agentOptions = { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_PROBE_MS, scheduling: 'lifo' as const };
    this.agent = this.base.protocol === 'https:' ? new https.Agent(agentOptions) : new http.Agent(agentOptions);
    this.timeoutMs = options.timeoutMs ?? 30_000;
  }

  /** The parsed JSON answer; throws `KubeApiError` on a status of 400 or more. */
  async json(request: TransportRequest): Promise<unknown> {
    // A pooled socket may have been closed by the server just now. Asking once more is safe for all but a create.
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.once(request);
      } catch (error) {
        if (attempt > 0 || request.method === 'POST' || !(error instanceof StaleSocketError)) {
          throw error instanceof StaleSocketError ? error.unreachable : error;
        }
      }
    }
  }

  /** The raw answer of a request that streams; the caller reads it to its end or destroys it. */
  async stream(request: TransportRequest): Promise<http.IncomingMessage> {
    const response = await this.send(request).catch((error: unknown) => {
      throw error instanceof StaleSocketError ? error.unreachable : error;
    });
    await rejectRefusal(request, response);
    return response;
  }

  /** Ends all pooled connections. */
  close(): void {
    this.agent.destroy();
  }

  private async once(request: TransportRequest): Promise<unknown> {
    const response = await this.send(request);
    await rejectRefusal(request, response);
    const text = await readBody(request, response);
    try {
      return text === '' ? {} : (JSON.parse(text) as unknown);
    } catch (cause) {
      throw new IsvcError('ISVC_KUBE_UNREACHABLE', `${this.connection.url} answered with something that is not JSON: ${text.slice(0, 80)}`, {
        path: `${request.method} ${request.path}`,
        hint: 'check that the server of the kubeconfig is a Kubernetes API server',
        cause,
      });
    }
  }

  private async send(request: TransportRequest): Promise<http.IncomingMessage> {
    const auth = await this.connection.authorize?.();
    const tls = { ...this.connection, ...auth?.tls };
    const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    const headers: Record<string, string | number> = { accept: 'application/json', 'user-agent': 'cdk8s-kserve' };
    if (this.connection.token) {
      headers['authorization'] = `Bearer ${this.connection.token}`;
    }
    if (body) {
      headers['content-type'] = request.contentType ?? 'application/json';
      headers['content-length'] = body.length;
    }
    const options: https.RequestOptions = {
      protocol: this.base.protocol,
      hostname: this.base.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: this.base.port,
      path: this.base.pathname.replace(/\/$/, '') + request.path,
      method: request.method,
      headers: { ...headers, ...auth?.headers },
      agent: this.agent,
      ...(this.base.protocol === 'https:' ? tlsRequestOptions(tls) : {}),
    };
    return this.exchange(request, options, body);
  }

  private exchange(request: TransportRequest, options: https.RequestOptions, body: Buffer | undefined): Promise<http.IncomingMessage> {
    return new Promise((resolve, reject) => {
      if (request.signal?.aborted) {
        reject(this.unreachable(request, new Error('cancelled before it was sent')));
        return;
      }
      const outgoing = (this.base.protocol === 'https:' ? https : http).request(options);
      const deadline = setTimeout(() => outgoing.destroy(new Error(`no answer within ${this.timeoutMs / 1000} s`)), this.timeoutMs);
      const onAbort = (): void => void outgoing.destroy(new Error('cancelled'));
      request.signal?.addEventListener('abort', onAbort, { once: true });
      outgoing.once('response', (response) => {
        // A watch answers its headers at once and then stays open; only plain answers keep the deadline.
        if (request.signal) {
          clearTimeout(deadline);
        }
        response.once('close', () => {
          clearTimeout(deadline);
          request.signal?.removeEventListener('abort', onAbort);
        });
        resolve(response);
      });
      // `on`, not `once`: destroying a request whose answer already streams emits a second error.
      outgoing.on('error', (cause: NodeJS.ErrnoException) => {
        clearTimeout(deadline);
        request.signal?.removeEventListener('abort', onAbort);
        const unreachable = this.unreachable(request, cause);
        const stale = outgoing.reusedSocket && (cause.code === 'ECONNRESET' || cause.code === 'EPIPE');
        reject(stale ? new StaleSocketError(unreachable) : unreachable);
      });
      outgoing.end(body);
    });
  }

  private unreachable(request: TransportRequest, cause: unknown): IsvcError {
    return new IsvcError('ISVC_KUBE_UNREACHABLE', `the API server at ${this.connection.url} does not answer: ${messageOf(cause)}`, {
      path: `${request.method} ${request.path}`,
      hint: 'check that it runs and that the kubeconfig names the right address',
      cause,
    });
  }
}

class StaleSocketError extends Error {
  readonly unreachable: IsvcError;

  constructor(unreachable: IsvcError) {
    super(unreachable.message);
    this.unreachable = unreachable;
  }
}

function parseUrl(url: string): URL {
  try {
    const parsed = new URL(url);
    if (parsed.protocol === 'http:' || parsed.protocol === 'https:') {
      return parsed;
    }
  } catch {
    // Reported below together with the wrong protocols.
  }
  throw new IsvcError('ISVC_KUBE_CONFIG', `the API server's address must be an http:// or https:// URL, got ${JSON.stringify(url)}`);
}

function tlsRequestOptions(tls: TlsOptions): https.RequestOptions {
  return {
    ...(tls.ca ? { ca: tls.ca } : {}),
    ...(tls.cert ? { cert: tls.cert } : {}),
    ...(tls.key ? { key: tls.key } : {}),
    ...(tls.passphrase ? { passphrase: tls.passphrase } : {}),
    ...(tls.servername ? { servername: tls.servername } : {}),
    ...(tls.insecure ? { rejectUnauthorized: false } : {}),
  };
}

async function rejectRefusal(request: TransportRequest, response: http.IncomingMessage): Promise<void> {
  const status = response.statusCode ?? 0;
  if (status >= 400) {
    const body = await readBody(request, response);
    throw KubeApiError.fromBody(`${request.method} ${request.path}`, status, body, response.headers['retry-after']);
  }
}

async function readBody(request: TransportRequest, response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
    }
  } catch (cause) {
    throw new IsvcError('ISVC_KUBE_UNREACHABLE', `the API server broke off in the middle of its answer: ${messageOf(cause)}`, {
      path: `${request.method} ${request.path}`,
      cause,
    });
  }
  return Buffer.concat(chunks).toString('utf8');
}
