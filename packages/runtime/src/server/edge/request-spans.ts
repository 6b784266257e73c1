import type { EdgeCall } from './edge-call';
import type { SpanExporter } from './span-exporter';
import { childOf, formatTraceparent, parseTraceparent } from './trace-context';

/** Makes a span of each request and puts it into the request's own headers, so that whatever is called below it links to it. */
export interface RequestSpans {
  follow(call: EdgeCall, requestId: string): void;
}

/** Paths that are asked every few seconds by machines and would only fill the store. */
const QUIET = /^\/($|metrics$|v2\/health\/|v[12]\/models\/[^/:]+(\/ready)?$)/;
const QUIET_GRPC = /^\/(grpc\.health\.v1\.Health\/|inference\.GRPCInferenceService\/(Server|Model)(Live|Ready)$)/;
/** gRPC statuses that OpenTelemetry counts as failures of a server. */
const FAILED_GRPC: ReadonlySet<number> = new Set([2, 4, 12, 13, 14, 15]);
const MAX_TEXT = 256;

export function requestSpans(exporter: SpanExporter): RequestSpans {
  return {
    follow(call, requestId) {
      const path = call.path.slice(0, MAX_TEXT);
      if (call.method === 'GET' ? QUIET.test(path) : QUIET_GRPC.test(path)) return;
      const parent = parseTraceparent(call.headers['traceparent']);
      const span = childOf(parent);
      call.headers['traceparent'] = formatTraceparent(span);
      if (!span.sampled) return;
      const start = Date.now();
      const from = performance.now();
      call.onEnd(({ status, grpcStatus }) => exporter.add({
        ...span,
        ...(parent ? { parentId: parent.spanId } : {}),
        name: grpcStatus === undefined ? `${call.method} ${path}` : path.slice(1),
        startMs: start,
        durationMs: performance.now() - from,
        failed: status >= 500 || FAILED_GRPC.has(grpcStatus ?? 0),
        attributes: {
          'http.request.method': call.method,
          'url.path': path,
          'http.response.status_code': status,
          'http.request.header.x-request-id': requestId,
          ...(grpcStatus === undefined ? {} : { 'rpc.system': 'grpc', 'rpc.grpc.status_code': grpcStatus }),
        },
      }));
    },
  };
}
