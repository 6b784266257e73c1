import { Agent, request as httpRequest, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { Clock } from 'cdk8s-kserve-controller';
import type { Endpoint } from './backend';
import { changeHeaders } from './filters';
import { refuse } from './refusal';
import type { RouteRule, RouteTarget } from './route-rule';

/** Headers between two neighbours only; RFC 9110 forbids to pass them on. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

export interface ProxyOptions {
  readonly clock: Clock;
  /** How long a request waits for a pod of a revision that is scaled to zero, or at its concurrency limit, in milliseconds. */
  readonly activationTimeoutMs: number;
}

/** Passes requests on to pods: bodies are streamed both ways, connections are kept. */
export class Proxy {
  private readonly options: ProxyOptions;
  private readonly agent = new Agent({ keepAlive: true, maxFreeSockets: 256, scheduling: 'lifo' });

  constructor(options: ProxyOptions) {
    this.options = options;
  }

  close(): void {
    this.agent.destroy();
  }

  handle(request: IncomingMessage, response: ServerResponse, rule: RouteRule): void {
    const target = rule.targets.next();
    if (!target) return refuse(response, 503, { error: 'the route has no backend with a weight above 0' });
    const { load, backend } = target;
    if (load) {
      load.begin();
      response.once('close', () => load.end());
    }
    const endpoint = backend.tryAcquire();
    if (endpoint) this.forward(new Exchange(request, response, rule, target), endpoint);
    else if (target.activate || rule.patienceMs) void this.wait(request, response, rule, target);
    else refuse(response, 503, { error: `no pod of ${backend.name} is ready` });
  }

  /** Holds the request until a pod is ready. */
  private async wait(request: IncomingMessage, response: ServerResponse, rule: RouteRule, target: RouteTarget): Promise<void> {
    const gone = new AbortController();
    const abort = (): void => gone.abort();
    response.once('close', abort);
    const patienceMs = target.activate ? this.options.activationTimeoutMs : (rule.patienceMs ?? 0);
    const waitMs = rule.timeoutMs > 0 ? Math.min(rule.timeoutMs, patienceMs) : patienceMs;
    const waiting = target.backend.acquire(waitMs, gone.signal);
    target.activate?.();
    const endpoint = await waiting;
    response.off('close', abort);
    if (endpoint && gone.signal.aborted) return target.backend.release(endpoint);
    if (endpoint) return this.forward(new Exchange(request, response, rule, target), endpoint);
    if (gone.signal.aborted) return undefined;
    const state = target.backend.ready === 0 ? 'no pod became ready' : 'every pod stayed at its concurrency limit';
    return refuse(response, 504, { error: `${state} for ${target.backend.name} within ${waitMs} ms` });
  }

  private forward(exchange: Exchange, endpoint: Endpoint): void {
    const { rule, target } = exchange;
    const upstream = httpRequest({
      agent: this.agent,
      host: endpoint.host,
      port: endpoint.port,
      method: exchange.request.method,
      path: rule.rewrite ? rule.rewrite(exchange.request.url ?? '/') : exchange.request.url,
      headers: exchange.headers,
    });
    exchange.start(upstream, () => target.backend.release(endpoint), (error) => this.failed(exchange, endpoint, upstream, error));
  }

  /** Tries another pod once where the request cannot have reached the first; otherwise tells the client. */
  private failed(exchange: Exchange, endpoint: Endpoint, upstream: ClientRequest, error: NodeJS.ErrnoException): void {
    const { response, target } = exchange;
    const refused = error.code === 'ECONNREFUSED';
    if (refused) target.backend.avoid(endpoint);
    // A kept connection that the pod had closed already: nothing was read from it.
    const stale = upstream.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE') && !exchange.answered;
    if ((refused || stale) && !exchange.bodyStarted && !exchange.retried && !response.destroyed) {
      const other = target.backend.tryAcquire(endpoint) ?? (stale ? target.backend.tryAcquire() : undefined);
      if (other) return this.forward(exchange.again(), other);
      if (target.activate || exchange.rule.patienceMs) return void this.wait(exchange.request, response, exchange.rule, target);
    }
    if (response.headersSent) return void response.destroy();
    return refuse(response, 502, { error: `pod ${endpoint.pod} of ${target.backend.name} ended the connection: ${error.code ?? 'unknown error'}` });
  }
}

/** One request on its way to one pod and its answer on the way back. */
class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly rule: RouteRule;
  readonly target: RouteTarget;
  readonly retried: boolean;
  readonly headers: OutgoingHttpHeaders;
  answered = false;
  bodyStarted = false;

  constructor(request: IncomingMessage, response: ServerResponse, rule: RouteRule, target: RouteTarget, retried = false) {
    this.request = request;
    this.response = response;
    this.rule = rule;
    this.target = target;
    this.retried = retried;
    this.headers = requestHeaders(request, rule, target);
  }

  again(): Exchange {
    return new Exchange(this.request, this.response, this.rule, this.target, true);
  }

  start(upstream: ClientRequest, release: () => void, onError: (error: NodeJS.ErrnoException) => void): void {
    const { request, response, rule } = this;
    let released = false;
    let expired = false;
    const timer = rule.timeoutMs > 0 ? setTimeout(() => expire(), rule.timeoutMs) : undefined;
    const finish = (): void => {
      if (released) return;
      released = true;
      clearTimeout(timer);
      response.off('close', abandon);
      release();
    };
    const expire = (): void => {
      expired = true;
      upstream.destroy();
      finish();
      if (response.headersSent) response.destroy();
      else refuse(response, 504, { error: `${this.target.backend.name} did not answer within ${rule.timeoutMs} ms` });
    };
    // The client went away: nobody waits for the answer.
    const abandon = (): void => {
      upstream.destroy();
      finish();
    };
    response.once('close', abandon);
    upstream.once('error', (error: NodeJS.ErrnoException) => {
      finish();
      if (!expired && !response.destroyed) onError(error);
    });
    upstream.once('response', (answer) => {
      this.answered = true;
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, responseHeaders(answer.headers, rule));
      answer.pipe(response);
      answer.once('error', () => response.destroy());
      answer.once('aborted', () => response.destroy());
      answer.once('close', finish);
    });
    this.sendBody(upstream, request);
  }

  /**
   * The body is read only once the connection stands, so that a refused connection leaves it untouched for the next
   * pod. A request without a body is complete as it is.
   */
  private sendBody(upstream: ClientRequest, request: IncomingMessage): void {
    const hasBody = request.headers['content-length'] !== undefined ? request.headers['content-length'] !== '0' : request.headers['transfer-encoding'] !== undefined;
    if (!hasBody) {
      upstream.end();
      return;
    }
    const pipe = (): void => {
      this.bodyStarted = true;
      request.pipe(upstream);
    };
    upstream.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', pipe);
      else pipe();
    });
  }
}

function requestHeaders(request: IncomingMessage, rule: RouteRule, target: RouteTarget): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { ...request.headers };
  dropHopByHop(headers, request.headers.connection);
  // With neither length nor encoding Node would send chunks; a length it knows is kept.
  if (request.headers['transfer-encoding'] !== undefined) headers['transfer-encoding'] = 'chunked';
  const client = request.socket.remoteAddress ?? '';
  headers['x-forwarded-for'] = request.headers['x-forwarded-for'] ? `${String(request.headers['x-forwarded-for'])}, ${client}` : client;
  headers['x-forwarded-proto'] ??= 'http';
  headers['x-forwarded-host'] ??= request.headers.host;
  if (rule.requestHeaders) changeHeaders(headers as Record<string, string>, rule.requestHeaders);
  if (target.requestHeaders) changeHeaders(headers as Record<string, string>, target.requestHeaders);
  return headers;
}

function responseHeaders(given: IncomingHttpHeaders, rule: RouteRule): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { ...given };
  dropHopByHop(headers, given.connection);
  if (rule.responseHeaders) changeHeaders(headers as Record<string, string>, rule.responseHeaders);
  return headers;
}

function dropHopByHop(headers: OutgoingHttpHeaders, connection: string | undefined): void {
  for (const name of HOP_BY_HOP) if (headers[name] !== undefined) delete headers[name];
  // The Connection header may name more of them.
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return;
  for (const name of connection.split(',')) delete headers[name.trim().toLowerCase()];
}
