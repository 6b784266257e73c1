import { type Http2Session, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { ServerState } from '../../protocols/protocol';
import { type GrpcStreamOptions, answerGrpc } from './grpc-stream';

export interface GrpcPort {
  readonly port: number;
  /** Refuses new calls, finishes those that run, and cuts what is still busy after `timeoutMs`. */
  drain(timeoutMs: number): Promise<void>;
}

/** @throws IsvcError ISVC_SERVER_PORT_IN_USE, ISVC_SERVER_OPTION. */
export async function openGrpcPort(state: ServerState, port: number, host: string | undefined, options: GrpcStreamOptions): Promise<GrpcPort> {
  const ending = new AbortController();
  const sessions = new Set<Http2Session>();
  // One megabyte a stream: with HTTP/2's 64 KiB a large tensor waits for the network many times.
  const server = createServer({ settings: { initialWindowSize: 1024 * 1024 } });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => {}).once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => void answerGrpc(stream, headers, state, ending.signal, options));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code === 'EADDRINUSE' ? 'ISVC_SERVER_PORT_IN_USE' : 'ISVC_SERVER_OPTION';
      reject(new IsvcError(code, `cannot listen on port ${port} for gRPC: ${messageOf(error)}`, { hint: 'choose another --grpc_port, or --enable_grpc=false', cause: error }));
    });
    server.listen({ port, ...(host === undefined ? {} : { host }) }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async drain(timeoutMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      ending.abort();
      for (const session of sessions) session.close();
      const cut = setTimeout(() => sessions.forEach((session) => session.destroy()), timeoutMs);
      await closed;
      clearTimeout(cut);
    },
  };
}
