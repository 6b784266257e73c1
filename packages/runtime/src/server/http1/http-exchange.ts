import type { IncomingHttpHeaders } from 'node:http';

/** What the server needs of a request; those of `node:http` and `node:http2` fit, and those of the fast path. */
export interface HttpRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Its own: what is changed here the model and the next service see. */
  readonly headers: IncomingHttpHeaders;
  readonly httpVersionMajor: number;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** What the server needs of an answer. */
export interface HttpResponse {
  readonly req: HttpRequest;
  /** The client has left. */
  readonly destroyed: boolean;
  /** The whole answer has been handed to the kernel. */
  readonly writableFinished: boolean;
  readonly statusCode: number;
  /** @param headers names and values in turn. */
  writeHead(status: number, headers: string[]): { end(body: string | Uint8Array): void };
  /** Comes once: when the answer has been handed to the kernel, or the client has left. */
  once(event: 'close', listener: () => void): unknown;
}

/** Answers a request. */
export type HttpListener<Request, Response> = (request: Request, response: Response) => void;
