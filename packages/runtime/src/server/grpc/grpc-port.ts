import { type AddressInfo, type Server as NetServer, type Socket, createServer } from 'node:net';
import type * as tlsModule from 'node:tls';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { Log } from '../../process/log';
import { type TlsFiles, readTls, renewTls } from '../edge/tls';
import type { Http2Side } from '../http2/http2-side';
import { HANDSHAKE_MS, trackSockets } from '../track-sockets';

export interface GrpcPort {
  readonly port: number;
  readonly server: NetServer;
  readonly sockets: ReadonlySet<Socket>;
  /** Ends what it does beside listening. */
  close(): void;
}

export interface GrpcPortOptions {
  readonly port: number;
  readonly host?: string | undefined;
  readonly tls?: TlsFiles | undefined;
  readonly log: Log;
}

/** @throws IsvcError ISVC_SERVER_PORT_IN_USE, ISVC_SERVER_OPTION. */
export async function openGrpcPort(http2: Http2Side, { port, host, tls, log }: GrpcPortOptions): Promise<GrpcPort> {
  const { server, stop } = tls ? secureServer(http2, tls, log) : { server: createServer({ allowHalfOpen: true }, (socket) => http2.accept(socket)), stop: () => {} };
  const sockets = trackSockets(server);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, ...(host === undefined ? {} : { host }) }, resolve);
    });
  } catch (error) {
    stop();
    const code = (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'ISVC_SERVER_PORT_IN_USE' : 'ISVC_SERVER_OPTION';
    throw new IsvcError(code, `cannot listen on port ${port} for gRPC: ${messageOf(error)}`, { hint: 'choose another --grpc_port, or none: the HTTP port has gRPC, too', cause: error });
  }
  return { port: (server.address() as AddressInfo).port, server, sockets, close: stop };
}

function secureServer(http2: Http2Side, tls: TlsFiles, log: Log): { readonly server: NetServer; readonly stop: () => void } {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { createServer: createSecureServer } = require('node:tls') as typeof tlsModule;
  const server = createSecureServer({ ...readTls(tls), handshakeTimeout: HANDSHAKE_MS, ALPNProtocols: ['h2'], allowHalfOpen: true }, (socket) => http2.accept(socket));
  return { server, stop: renewTls(server, tls, log) };
}
