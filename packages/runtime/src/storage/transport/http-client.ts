import { Agent as HttpAgent, type AgentOptions, type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions as HttpsAgentOptions, request as httpsRequest } from 'node:https';
import { assertAllowedHost, guardedLookup } from './address-guard';
import { TransferFailure } from './failure';
import { assertProxyAccepts, type FindProxy, proxyHeaders, TunnelAgent } from './proxy-tunnel';

export interface HttpRequest {
  /** @default 'GET' */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
  /** Must be read or destroyed. */
  readonly body: IncomingMessage;
}

export interface HttpClientOptions {
  /** Connections to one host. */
  readonly connections: number;
  /** Until a connection stands, TLS included. */
  readonly connectMs: number;
  /** Longest time without a byte. */
  readonly stallMs: number;
  /** Certificates in PEM form that are trusted. @default - those of Node */
  readonly ca?: readonly string[];
  /** False trusts every certificate, as `S3_VERIFY_SSL=0` asks. @default true */
  readonly verify?: boolean;
  /** False for the client that asks instance metadata itself. @default true */
  readonly guarded?: boolean;
  /** The proxy for an address. @default - none */
  readonly proxy?: FindProxy;
  /** Sees every request before it is sent. */
  readonly onRequest?: (request: HttpRequest) => void;
}

/** Sends one request at a time over kept-alive connections. No retry, no redirect: those are decisions of the caller. */
export class HttpClient {
  private readonly http: HttpAgent;
  private readonly https: HttpsAgent;
  private readonly tunnels = new Map<string, TunnelAgent>();
  private readonly options: HttpClientOptions;

  constructor(options: HttpClientOptions) {
    this.options = options;
    const lookup = options.guarded === false ? {} : { lookup: guardedLookup };
    this.http = new HttpAgent({ ...this.pool(), ...lookup });
    this.https = new HttpsAgent({ ...this.pool(), ...this.trust(), ...lookup });
  }

  /**
   * @returns the answer as soon as its head is there, whatever its status.
   * @throws what the network throws, TransferFailure for a stall, IsvcError ISVC_FETCH_UNSAFE for a metadata address.
   */
  send(asked: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const { method = 'GET', url, headers = {}, body } = asked;
    this.options.onRequest?.(asked);
    if (this.options.guarded !== false) assertAllowedHost(url);
    const secure = url.protocol === 'https:';
    const proxy = this.options.proxy?.(url);
    const target = proxy && !secure ? proxy : url;
    return new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      // A proxy wants the whole address in place of the path; to encrypted ones it only leads.
      const through = proxy && !secure ? { path: url.href, headers: { host: url.host, ...headers, ...length, ...proxyHeaders(proxy) } } : { headers: { ...headers, ...length } };
      const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
      const request = send(target, { method, ...through, agent: this.agentFor(target, secure ? proxy : undefined), signal, timeout: this.options.stallMs });
      const connecting = setTimeout(() => request.destroy(new TransferFailure(`no connection within ${this.options.connectMs} ms`)), this.options.connectMs);
      const connected = (): void => clearTimeout(connecting);
      request.on('socket', (socket) => {
        // Waiting for a free connection of the pool ends here, and only a new one still has to connect.
        if (!socket.connecting) connected();
        else {
          connecting.refresh();
          socket.once(target.protocol === 'https:' ? 'secureConnect' : 'connect', connected);
        }
      });
      const stalled = (): void => void request.destroy(new TransferFailure(`nothing came for ${this.options.stallMs} ms`));
      request.on('timeout', stalled);
      request.on('error', (error) => {
        connected();
        reject(error);
      });
      request.on('response', (message) => {
        connected();
        // The error of a stalled body must reach whoever reads the body, not the request that is long over.
        request.off('timeout', stalled);
        try {
          if (proxy && !secure) assertProxyAccepts(proxy, url, message.statusCode ?? 0);
        } catch (error) {
          message.destroy();
          return reject(error as Error);
        }
        message.setTimeout(this.options.stallMs, () => message.destroy(new TransferFailure(`nothing came for ${this.options.stallMs} ms`)));
        resolve({ status: message.statusCode ?? 0, headers: message.headers, url, body: message });
      });
      request.end(body);
    });
  }

  close(): void {
    for (const agent of [this.http, this.https, ...this.tunnels.values()]) agent.destroy();
  }

  private agentFor(target: URL, proxy: URL | undefined): HttpAgent {
    if (!proxy) return target.protocol === 'https:' ? this.https : this.http;
    const tunnel = this.tunnels.get(proxy.href) ?? new TunnelAgent(proxy, this.options.connectMs, { ...this.pool(), ...this.trust() });
    this.tunnels.set(proxy.href, tunnel);
    return tunnel;
  }

  private pool(): AgentOptions {
    const { connections } = this.options;
    return { keepAlive: true, maxSockets: connections, maxFreeSockets: connections };
  }

  private trust(): HttpsAgentOptions {
    const { ca, verify } = this.options;
    return { ...(ca ? { ca: [...ca] } : {}), rejectUnauthorized: verify !== false };
  }
}
