import { type RequestListener, type Server as HttpServer, type ServerOptions as HttpOptions, createServer } from 'node:http';
import type * as httpsModule from 'node:https';
import type { Socket } from 'node:net';
import type { Log } from '../process/log';
import type * as tlsModule from './edge/tls';
import type { TlsFiles } from './edge/tls';
import type { Http2Side } from './http2/http2-side';
import { splitConnections } from './http2/split-connections';
import type { ServerOptions } from './server-options';
import { HANDSHAKE_MS, trackSockets } from './track-sockets';

/** The server of the HTTP port, not listening yet. */
export interface Transport {
  readonly server: HttpServer | httpsModule.Server;
  readonly sockets: ReadonlySet<Socket>;
  /** Ends connections that have sent nothing yet. */
  closeSilent(): void;
  /** Ends what it does beside serving. */
  close(): void;
}

/**
 * @param http2 gets the connections that speak it. @default - HTTP/1 alone
 * @throws IsvcError ISVC_SERVER_OPTION for a certificate that cannot be used.
 */
export function createTransport(listener: RequestListener, { keepAliveSeconds = 65, tls }: ServerOptions, log: Log, http2?: () => Http2Side): Transport {
  const http = { keepAliveTimeout: keepAliveSeconds * 1000, noDelay: true };
  const { server, close } = tls ? secureServer(listener, http, tls, log, http2 !== undefined) : { server: createServer(http, listener), close: () => {} };
  const split = http2 && splitConnections(server, tls !== undefined, (socket) => http2().accept(socket));
  return { server, sockets: trackSockets(server), close, closeSilent: () => split?.close() };
}

function secureServer(listener: RequestListener, http: HttpOptions, tls: TlsFiles, log: Log, http2: boolean): Pick<Transport, 'server' | 'close'> {
  /* eslint-disable @typescript-eslint/no-require-imports -- TLS takes longer to load than everything else of a start. */
  const { createServer: createSecureServer } = require('node:https') as typeof httpsModule;
  const { readTls, renewTls } = require('./edge/tls') as typeof tlsModule;
  /* eslint-enable @typescript-eslint/no-require-imports */
  const server = createSecureServer({ ...http, ...readTls(tls), handshakeTimeout: HANDSHAKE_MS, ALPNProtocols: [...(http2 ? ['h2'] : []), 'http/1.1'] }, listener);
  return { server, close: renewTls(server, tls, log) };
}
