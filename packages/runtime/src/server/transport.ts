import { type RequestListener, type Server as HttpServer, type ServerOptions as HttpOptions, createServer } from 'node:http';
import type * as httpsModule from 'node:https';
import type { Socket } from 'node:net';
import type { Log } from '../process/log';
import type * as tlsModule from './edge/tls';
import type { TlsFiles } from './edge/tls';
import type { Http2Side } from './http2/http2-side';
import { PATIENCE_MS, splitConnections } from './http2/split-connections';
import { type FastPathOptions, createFastPath } from './http1/fast-path';
import type { ServerOptions } from './server-options';
import { HANDSHAKE_MS, trackSockets } from './track-sockets';

/** The server of the HTTP port, not listening yet. */
export interface Transport {
  readonly server: HttpServer | httpsModule.Server;
  readonly sockets: ReadonlySet<Socket>;
  /** Ends connections that wait for a request and that Node does not know of. */
  closeSilent(): void;
  /** Ends what it does beside serving. */
  close(): void;
}

/** Who answers what comes. */
export interface TransportListeners {
  readonly listener: RequestListener;
  /** Answers plain requests of HTTP/1 that arrive whole. @default - `listener` does */
  readonly whole?: FastPathOptions['answer'] | undefined;
  /** Gets the connections that speak it. @default - HTTP/1 alone */
  readonly http2?: (() => Http2Side) | undefined;
}

/** @throws IsvcError ISVC_SERVER_OPTION for a certificate that cannot be used. */
export function createTransport({ listener, whole, http2 }: TransportListeners, { keepAliveSeconds = 65, tls, maxRequestBytes }: ServerOptions & { readonly maxRequestBytes: number }, log: Log): Transport {
  const keepAliveMs = keepAliveSeconds * 1000;
  const http = { keepAliveTimeout: keepAliveMs, noDelay: true };
  const { server, close } = tls ? secureServer(listener, http, tls, log, http2 !== undefined) : { server: createServer(http, listener), close: () => {} };
  const event = tls ? 'secureConnection' : 'connection';
  const node = takeConnections(server, event);
  const fast = whole && createFastPath({ answer: whole, node, patienceMs: PATIENCE_MS, keepAliveMs, maxBodyBytes: maxRequestBytes });
  const http1 = fast?.accept ?? node;
  const split = http2 && splitConnections(tls !== undefined, http1, (socket) => http2().accept(socket));
  server.on(event, split?.accept ?? http1);
  const closeSilent = (): void => {
    split?.closeUndecided();
    fast?.closeIdle();
  };
  return { server, sockets: trackSockets(server), close, closeSilent };
}

/** What Node would do with each connection, which is left to the caller from now on. */
function takeConnections(server: Transport['server'], event: string): (socket: Socket) => void {
  const [listener] = server.listeners(event);
  server.removeAllListeners(event);
  return (socket) => listener?.call(server, socket);
}

function secureServer(listener: RequestListener, http: HttpOptions, tls: TlsFiles, log: Log, http2: boolean): Pick<Transport, 'server' | 'close'> {
  /* eslint-disable @typescript-eslint/no-require-imports -- TLS takes longer to load than everything else of a start. */
  const { createServer: createSecureServer } = require('node:https') as typeof httpsModule;
  const { readTls, renewTls } = require('./edge/tls') as typeof tlsModule;
  /* eslint-enable @typescript-eslint/no-require-imports */
  const server = createSecureServer({ ...http, ...readTls(tls), handshakeTimeout: HANDSHAKE_MS, ALPNProtocols: [...(http2 ? ['h2'] : []), 'http/1.1'] }, listener);
  return { server, close: renewTls(server, tls, log) };
}
