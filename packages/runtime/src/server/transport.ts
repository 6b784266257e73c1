import { type RequestListener, type Server as HttpServer, createServer } from 'node:http';
import type * as httpsModule from 'node:https';
import type { Log } from '../process/log';
import type * as tlsModule from './edge/tls';
import type { ServerOptions } from './server-options';

/** The server of the HTTP port, not listening yet. */
export interface Transport {
  readonly server: HttpServer | httpsModule.Server;
  /** Ends what it does beside serving. */
  close(): void;
}

/** @throws IsvcError ISVC_SERVER_OPTION for a certificate that cannot be used. */
export function createTransport(listener: RequestListener, { keepAliveSeconds = 65, tls }: ServerOptions, log: Log): Transport {
  const http = { keepAliveTimeout: keepAliveSeconds * 1000, noDelay: true };
  if (!tls) return { server: createServer(http, listener), close: () => {} };
  /* eslint-disable @typescript-eslint/no-require-imports -- TLS takes longer to load than everything else of a start. */
  const { createServer: createSecureServer } = require('node:https') as typeof httpsModule;
  const { readTls, renewTls } = require('./edge/tls') as typeof tlsModule;
  /* eslint-enable @typescript-eslint/no-require-imports */
  const server = createSecureServer({ ...http, ...readTls(tls) }, listener);
  return { server, close: renewTls(server, tls, log) };
}
