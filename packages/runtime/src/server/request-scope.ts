import type { IncomingHttpHeaders } from 'node:http';
import { IsvcError } from 'cdk8s-kserve/api';
import type { ProtocolRequest } from '../protocols/protocol';
import type { HttpRequest, HttpResponse } from './http1/http-exchange';

/** Ours first; Envoy's is set by gateways that know how long they will wait. */
const DEADLINE_HEADERS = ['x-request-timeout-ms', 'x-envoy-expected-rq-timeout-ms'] as const;
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A request with its end: aborted when the client leaves or the time is over. The signal is made only where one is asked for. */
export class RequestScope implements ProtocolRequest {
  readonly headers: IncomingHttpHeaders;
  /** Time it has from now on, in milliseconds; `undefined` for as long as it takes. */
  readonly timeoutMs: number | undefined;
  private readonly response: HttpResponse;
  private controller: AbortController | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param limitMs what the server allows; clients may only shorten it. */
  constructor(request: HttpRequest, response: HttpResponse, limitMs: number | undefined) {
    this.headers = request.headers;
    this.response = response;
    this.timeoutMs = timeoutOf(request.headers, limitMs);
  }

  get signal(): AbortSignal {
    if (this.controller) return this.controller.signal;
    const controller = (this.controller = new AbortController());
    const leave = (): void => controller.abort(new IsvcError('ISVC_SERVER_DEADLINE', 'The client has left.'));
    this.response.once('close', () => {
      clearTimeout(this.timer);
      if (!this.response.writableFinished) leave();
    });
    if (this.timeoutMs !== undefined) {
      const late = new IsvcError('ISVC_SERVER_DEADLINE', `The request was not answered within its ${this.timeoutMs} ms.`);
      this.timer = setTimeout(() => controller.abort(late), this.timeoutMs);
    }
    if (this.response.destroyed) leave();
    return controller.signal;
  }

  /** The outcome of `work`, or of the end of the request, whichever comes first. */
  within<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    return new Promise((resolve, reject) => {
      const end = (): void => reject(signal.reason);
      signal.addEventListener('abort', end, { once: true });
      work.then(resolve, reject).finally(() => {
        signal.removeEventListener('abort', end);
        clearTimeout(this.timer);
      });
      if (signal.aborted) end();
    });
  }
}

function timeoutOf(headers: IncomingHttpHeaders, limitMs: number | undefined): number | undefined {
  for (const name of DEADLINE_HEADERS) {
    const text = headers[name];
    if (typeof text !== 'string' || !/^\d{1,15}$/.test(text)) continue;
    return Math.min(Number(text), limitMs ?? MAX_TIMER_MS, MAX_TIMER_MS);
  }
  return limitMs;
}
