import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SpanExporter } from './span-exporter';
import { childOf, formatTraceparent, parseTraceparent } from './trace-context';

/** Makes a span of each request and puts it into the request's own headers, so that whatever is called below it links to it. */
export interface RequestSpans {
  follow(request: IncomingMessage, response: ServerResponse, requestId: string): void;
}

/** Paths that are asked every few seconds by machines and would only fill the store. */
const QUIET = /^\/($|metrics$|v2\/health\/|v[12]\/models\/[^/:]+(\/ready)?$)/;

export function requestSpans(exporter: SpanExporter): RequestSpans {
  return {
    follow(request, response, requestId) {
      const path = (request.url ?? '').split('?', 1)[0] ?? '';
      if (request.method === 'GET' && QUIET.test(path)) return;
      const parent = parseTraceparent(request.headers['traceparent']);
      const span = childOf(parent);
      request.headers['traceparent'] = formatTraceparent(span);
      if (!span.sampled) return;
      const start = Date.now();
      const from = performance.now();
      response.once('close', () => exporter.add({
        ...span,
        ...(parent ? { parentId: parent.spanId } : {}),
        name: `${request.method} ${path.slice(0, 256)}`,
        startMs: start,
        durationMs: performance.now() - from,
        failed: response.statusCode >= 500,
        attributes: {
          'http.request.method': request.method ?? '',
          'url.path': path.slice(0, 256),
          'http.response.status_code': response.statusCode,
          'http.request.header.x-request-id': requestId,
        },
      }));
    },
  };
}
