import type { EdgeCall } from './edge-call';
import { parseTraceparent } from './trace-context';

/** One line of the access log. */
export interface AccessEntry {
  /** ISO 8601, UTC; when the request came. */
  readonly time: string;
  readonly request_id: string;
  readonly trace_id?: string;
  readonly method: string;
  /** Without the query string, which may hold secrets. */
  readonly path: string;
  /** 499 where the client left before the answer, as nginx has it. */
  readonly status: number;
  /** Of gRPC, whose HTTP status is 200 for every answer. */
  readonly grpc_status?: number;
  readonly duration_ms: number;
  readonly remote: string;
  readonly user_agent?: string;
}

const MAX_TEXT = 512;

/** Writes one JSON object a request, when it has ended. */
export function logAccess(call: EdgeCall, id: string, write: (line: string) => void): void {
  const start = performance.now();
  const time = new Date().toISOString();
  const trace = parseTraceparent(call.headers['traceparent']);
  const agent = call.headers['user-agent'];
  call.onEnd(({ status, grpcStatus }) => {
    const entry: AccessEntry = {
      time,
      request_id: id,
      ...(trace ? { trace_id: trace.traceId } : {}),
      method: call.method,
      path: call.path.slice(0, MAX_TEXT),
      status,
      ...(grpcStatus === undefined ? {} : { grpc_status: grpcStatus }),
      duration_ms: Math.round((performance.now() - start) * 1000) / 1000,
      remote: call.remote,
      ...(agent ? { user_agent: agent.slice(0, MAX_TEXT) } : {}),
    };
    write(JSON.stringify(entry));
  });
}
