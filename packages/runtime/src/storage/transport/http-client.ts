import { Agent as HttpAgent, type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { assertAllowedHost, guardedLookup } from './address-guard';
import { TransferFailure } from './failure';

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
}

/** Sends one request at a time over kept-alive connections. No retry, no redirect: those are decisions of the caller. */
export class HttpClient {
  private readonly http: HttpAgent;
  private readonly https: HttpsAgent;
  private readonly options: HttpClientOptions;

  constructor(options: HttpClientOptions) {
    this.options = options;
    const agent = { keepAlive: true, maxSockets: options.connections, maxFreeSockets: options.connections, ...(options.guarded === false ? {} : { lookup: guardedLookup }) };
    this.http = new HttpAgent(agent);
    this.https = new HttpsAgent({ ...agent, ...(options.ca ? { ca: [...options.ca] } : {}), rejectUnauthorized: options.verify !== false });
  }

  /**
   * @returns the answer as soon as its head is there, whatever its status.
   * @throws what the network throws, TransferFailure for a stall, IsvcError ISVC_FETCH_UNSAFE for a metadata address.
   */
  send({ method = 'GET', url, headers = {}, body }: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    if (this.options.guarded !== false) assertAllowedHost(url);
    const secure = url.protocol === 'https:';
    return new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const request = (secure ? httpsRequest : httpRequest)(url, { method, headers: { ...headers, ...length }, agent: secure ? this.https : this.http, signal, timeout: this.options.stallMs });
      const connecting = setTimeout(() => request.destroy(new TransferFailure(`no connection within ${this.options.connectMs} ms`)), this.options.connectMs);
      const connected = (): void => clearTimeout(connecting);
      request.on('socket', (socket) => {
        // Waiting for a free connection of the pool ends here, and only a new one still has to connect.
        if (!socket.connecting) connected();
        else {
          connecting.refresh();
          socket.once(secure ? 'secureConnect' : 'connect', connected);
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
        message.setTimeout(this.options.stallMs, () => message.destroy(new TransferFailure(`nothing came for ${this.options.stallMs} ms`)));
        resolve({ status: message.statusCode ?? 0, headers: message.headers, url, body: message });
      });
      request.end(body);
    });
  }

  close(): void {
    this.http.destroy();
    this.https.destroy();
  }
}
