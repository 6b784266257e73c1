import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { BearerTokens } from '../edge/bearer-token';
import { CLIENT_LEFT, type EdgeCall, pathOf } from '../edge/edge-call';

/** Methods that need no token: probes of a kubelet cannot send one. */
const PUBLIC: ReadonlySet<string> = new Set(['/grpc.health.v1.Health/Check', '/inference.GRPCInferenceService/ServerLive', '/inference.GRPCInferenceService/ServerReady']);

export function mayCall(tokens: BearerTokens | undefined, headers: IncomingHttpHeaders): boolean {
  return !tokens || tokens.accepts(headers.authorization) || PUBLIC.has(pathOf(String(headers[':path'])));
}

/** @param sent the status that the client got. */
export function grpcEdgeCall(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, sent: () => number | undefined): EdgeCall {
  return {
    method: 'POST',
    path: pathOf(String(headers[':path'])),
    headers,
    remote: stream.session?.socket.remoteAddress ?? '',
    onEnd: (done) => void stream.once('close', () => {
      const grpcStatus = sent();
      done(grpcStatus === undefined ? { status: CLIENT_LEFT } : { status: 200, grpcStatus });
    }),
  };
}
