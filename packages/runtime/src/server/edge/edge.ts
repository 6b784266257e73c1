import type { IncomingHttpHeaders } from 'node:http';
import { errorReply } from '../../protocols/reply';
import type { HttpListener, HttpRequest, HttpResponse } from '../http1/http-exchange';
import { logAccess } from './access-log';
import { type BearerTokens, isPublic } from './bearer-token';
import { type EdgeCall, httpCall, pathOf } from './edge-call';
import { ensureRequestId } from './request-id';
import type { RequestSpans } from './request-spans';
import { cleanTraceHeaders } from './trace-context';

/** What happens to every request before a protocol sees it. */
export interface EdgeOptions {
  readonly tokens?: BearerTokens | undefined;
  /** Gets one JSON line a request. @default - none */
  readonly accessLog?: ((line: string) => void) | undefined;
  readonly spans?: RequestSpans | undefined;
}

const UNAUTHORIZED = errorReply(401, 'The request needs a valid bearer token; send the header "authorization: Bearer TOKEN"');

/** Puts request ids, the access log, spans and the token check around a listener of any HTTP version. */
export function createEdge<Request extends HttpRequest, Response extends HttpResponse>(listener: HttpListener<Request, Response>, edge: EdgeOptions): HttpListener<Request, Response> {
  const { tokens } = edge;
  return (request, response) => {
    const id = enterEdge(request.headers, edge, () => httpCall(request, response));
    if (tokens && !tokens.accepts(request.headers.authorization) && !isPublic(request.method, pathOf(request.url))) {
      const { status, contentType, body } = UNAUTHORIZED;
      // The body is not read: nobody unknown may make the server collect one.
      const headers = ['content-type', contentType, 'content-length', String(Buffer.byteLength(body)), 'x-request-id', id, 'www-authenticate', 'Bearer'];
      response.writeHead(status, request.httpVersionMajor === 1 ? [...headers, 'connection', 'close'] : headers).end(body);
      return;
    }
    listener(request, response);
  };
}

/**
 * Gives a request of any transport its id and clean headers, and follows it into the access log and its span.
 *
 * @param call is asked for only where somebody wants to follow it.
 * @returns the id.
 */
export function enterEdge(headers: IncomingHttpHeaders, { accessLog, spans }: EdgeOptions, call: () => EdgeCall): string {
  const id = ensureRequestId(headers);
  cleanTraceHeaders(headers);
  if (!accessLog && !spans) return id;
  const followed = call();
  if (accessLog) logAccess(followed, id, accessLog);
  spans?.follow(followed, id);
  return id;
}
