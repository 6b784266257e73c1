import type { RequestListener } from 'node:http';
import { errorReply } from '../../protocols/reply';
import { logAccess } from './access-log';
import { type BearerTokens, isPublic } from './bearer-token';
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
export function createEdge(listener: RequestListener, { tokens, accessLog, spans }: EdgeOptions): RequestListener {
  return (request, response) => {
    const id = ensureRequestId(request.headers);
    cleanTraceHeaders(request.headers);
    if (accessLog) logAccess(request, response, id, accessLog);
    spans?.follow(request, response, id);
    if (tokens && !tokens.accepts(request.headers.authorization) && !isPublic(request.method, (request.url ?? '').split('?', 1)[0] ?? '')) {
      const { status, contentType, body } = UNAUTHORIZED;
      // The body is not read: nobody unknown may make the server collect one.
      response.writeHead(status, { 'content-type': contentType, 'x-request-id': id, 'www-authenticate': 'Bearer', connection: 'close' }).end(body);
      return;
    }
    listener(request, response);
  };
}
