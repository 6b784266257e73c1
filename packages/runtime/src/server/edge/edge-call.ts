import type { IncomingHttpHeaders } from 'node:http';
import type { HttpRequest, HttpResponse } from '../http1/http-exchange';

/** A request as the edge sees it, whatever carries it. */
export interface EdgeCall {
  readonly method: string;
  /** Without the query string, which may hold secrets. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The client's address; empty where it has left already. */
  readonly remote: string;
  /** Calls back once: when the answer has been handed to the kernel, or the client has left. */
  onEnd(done: (outcome: CallOutcome) => void): void;
}

export interface CallOutcome {
  /** HTTP status. 499 where the client left before the answer, as nginx has it. */
  readonly status: number;
  /** @default - the call was not gRPC, or its client left */
  readonly grpcStatus?: number;
}

export const CLIENT_LEFT = 499;

export function pathOf(url = ''): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

export function httpCall(request: HttpRequest, response: HttpResponse): EdgeCall {
  return {
    method: request.method ?? '',
    path: pathOf(request.url),
    headers: request.headers,
    remote: request.socket.remoteAddress ?? '',
    onEnd: (done) => void response.once('close', () => done({ status: response.writableFinished ? response.statusCode : CLIENT_LEFT })),
  };
}
