import type { RequestListener } from 'node:http';
import type { ServerState } from '../../protocols/protocol';
import type * as grpcStreamModule from '../grpc/grpc-stream';
import type { GrpcStreamOptions } from '../grpc/grpc-stream';
import type { GrpcOptions } from '../server-options';
import type * as http2Module from './http2-side';
import type { Http2Side } from './http2-side';

/** KServe's limit of a message, in both directions. */
const GRPC_MESSAGE_BYTES = 8 * 1024 * 1024;

export interface LazyHttp2 {
  readonly opened: Http2Side | undefined;
  /** Loads it at the first call. */
  readonly get: () => Http2Side;
}

/** HTTP/2 is not loaded where nobody speaks it: it costs time at the start. */
export function lazyHttp2(
  state: ServerState, { maxReceiveBytes = GRPC_MESSAGE_BYTES, maxSendBytes = GRPC_MESSAGE_BYTES, idleSeconds = 300 }: GrpcOptions, rest: RequestListener, shared: Omit<GrpcStreamOptions, 'maxReceiveBytes' | 'maxSendBytes'>,
): LazyHttp2 {
  let opened: Http2Side | undefined;
  const open = (): Http2Side => {
    /* eslint-disable @typescript-eslint/no-require-imports */
    const { createHttp2 } = require('./http2-side') as typeof http2Module;
    const { answerGrpc } = require('../grpc/grpc-stream') as typeof grpcStreamModule;
    /* eslint-enable @typescript-eslint/no-require-imports */
    const options = { ...shared, maxReceiveBytes, maxSendBytes };
    return createHttp2({ grpc: (stream, headers, ending) => void answerGrpc(stream, headers, state, ending, options), rest }, idleSeconds * 1000);
  };
  return { get opened() { return opened; }, get: () => (opened ??= open()) };
}
