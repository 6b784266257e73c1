import type { IncomingMessage, ServerResponse } from 'node:http';
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
  readonly duration_ms: number;
  readonly remote: string;
  readonly user_agent?: string;
}

const CLIENT_LEFT = 499;
const MAX_TEXT = 512;

/** Writes one JSON object a request, when its answer has been handed to the kernel or its client has left. */
export function logAccess(request: IncomingMessage, response: ServerResponse, id: string, write: (line: string) => void): void {
  const start = performance.now();
  const time = new Date().toISOString();
  const trace = parseTraceparent(request.headers['traceparent']);
  const agent = request.headers['user-agent'];
  response.once('close', () => {
    const entry: AccessEntry = {
      time,
      request_id: id,
      ...(trace ? { trace_id: trace.traceId } : {}),
      method: request.method ?? '',
      path: (request.url ?? '').split('?', 1)[0]?.slice(0, MAX_TEXT) ?? '',
      status: response.writableFinished ? response.statusCode : CLIENT_LEFT,
      duration_ms: Math.round((performance.now() - start) * 1000) / 1000,
      remote: request.socket.remoteAddress ?? '',
      ...(agent ? { user_agent: agent.slice(0, MAX_TEXT) } : {}),
    };
    write(JSON.stringify(entry));
  });
}
