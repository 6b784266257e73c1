import type { IncomingMessage, ServerResponse } from 'node:http';
import { IsvcError } from 'cdk8s-kserve/api';
import type { Log } from '../process/log';
import type { Call, Reply, ServerState } from '../protocols/protocol';
import { matchCall } from '../protocols/protocols';
import { jsonReply } from '../protocols/reply';
import { decodeBody } from './decode-body';
import { type AnswerEncoding, acceptedEncoding, encodeBody } from './encode-body';
import { pathOf } from './edge/edge-call';
import { failureReply, replyOf } from './error-status';
import type { HttpListener, HttpRequest, HttpResponse } from './http1/http-exchange';
import type { WholeRequest } from './http1/whole-request';
import { readBody } from './read-body';
import { RequestScope } from './request-scope';
import type { RequestQueue } from './schedule/request-queue';
import type { Offload } from './threads/offload';

export interface ListenerOptions {
  readonly maxRequestBytes: number;
  /** Time for a request; its headers may ask for less. @default - as long as it takes */
  readonly requestTimeoutMs?: number | undefined;
  /** Where inference requests wait for their turn. @default - nothing waits */
  readonly queue?: RequestQueue | undefined;
  /** Threads for requests that would keep the event loop. @default - none */
  readonly offload?: Offload | undefined;
  /** Size from which answers are compressed for clients that ask; 0 is never. */
  readonly compressMinBytes: number;
  readonly log: Log;
}

/** How long a client that sends too much may go on before its connection is cut, so that it can read why. */
const REFUSAL_LINGER_MS = 2000;
const EMPTY = Buffer.alloc(0);
const NOT_FOUND = jsonReply(404, '{"detail":"Not Found"}');
const METHOD_NOT_ALLOWED = jsonReply(405, '{"detail":"Method Not Allowed"}');

export interface RequestListeners {
  /** Of `node:http` and `node:http2`, which tell of a body as it arrives. */
  readonly arriving: HttpListener<IncomingMessage, ServerResponse>;
  /** Of the fast path; bodies are within the limit. */
  readonly whole: HttpListener<WholeRequest, HttpResponse>;
}

/**
 * Carries the protocols over HTTP: finds the operation, collects the body, sends the reply in one write.
 * A request whose client goes away is dropped without a trace.
 */
export function createRequestListeners(state: ServerState, { maxRequestBytes, requestTimeoutMs, queue, offload, compressMinBytes, log }: ListenerOptions): RequestListeners {
  const answer = (call: Call, body: Buffer, request: HttpRequest, response: HttpResponse): void => {
    try {
      const scope = new RequestScope(request, response, requestTimeoutMs);
      const work = (): Reply | Promise<Reply> => (offload && isInference(call) && offload.wants(call.model, body.length) ? inThread(offload, request, body) : onLoop(call, body, scope));
      const reply = queue && call.operation.method === 'POST' ? queue.run(work, scope.signal) : work();
      // What is there goes out at once: a promise would wait until Node has put the request away.
      if (!(reply instanceof Promise)) return deliver(reply, request, response);
      const bounded = scope.timeoutMs === undefined ? reply : scope.within(reply);
      bounded.then((done) => deliver(done, request, response)).catch((error: unknown) => fail(response, error));
    } catch (error) {
      fail(response, error);
    }
  };
  const deliver = (reply: Reply, request: HttpRequest, response: HttpResponse): void => {
    const encoding = compressMinBytes > 0 && reply.body.length >= compressMinBytes ? acceptedEncoding(request.headers['accept-encoding']) : undefined;
    if (!encoding) return send(response, reply, state.draining);
    compressed(reply, encoding).then((done) => send(response, done, state.draining)).catch((error: unknown) => fail(response, error));
  };
  const onLoop = (call: Call, body: Buffer, scope: RequestScope): Reply | Promise<Reply> => {
    if (!offload) return call.operation.answer(call, state, body, scope);
    const start = performance.now();
    try {
      return call.operation.answer(call, state, body, scope);
    } finally {
      offload.kept(call.model, performance.now() - start);
    }
  };
  const fail = (response: HttpResponse, error: unknown): void => {
    send(response, failureReply(error, log), state.draining);
  };
  /** The operation that is asked for; where there is none, that is answered. */
  const find = (request: HttpRequest, response: HttpResponse): Call | undefined => {
    const call = matchCall(request.method ?? 'GET', pathOf(request.url));
    if (call?.operation.method === request.method) return call;
    if (call) send(response, METHOD_NOT_ALLOWED, state.draining, call.operation.method);
    else send(response, NOT_FOUND, state.draining);
    return undefined;
  };
  const take = (call: Call, body: Buffer, request: HttpRequest, response: HttpResponse): void => {
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || encoding === 'identity') return answer(call, body, request, response);
    decodeBody(body, encoding, maxRequestBytes).then((decoded) => answer(call, decoded, request, response), (error: unknown) => fail(response, error));
  };
  return {
    arriving: (request, response) => {
      const call = find(request, response);
      if (!call) return;
      if (call.operation.method === 'GET') return answer(call, EMPTY, request, response);
      readBody(request, maxRequestBytes, (body) => (body ? take(call, body, request, response) : refuse(request, response, maxRequestBytes)));
    },
    whole: (request, response) => {
      const call = find(request, response);
      if (call) take(call, request.body, request, response);
    },
  };
}

function isInference({ operation, model }: Call): boolean {
  return operation.method === 'POST' && model !== '';
}

async function compressed(reply: Reply, encoding: AnswerEncoding): Promise<Reply> {
  const body = await encodeBody(reply.body, encoding);
  return { ...reply, body, headers: { ...reply.headers, 'content-encoding': encoding, vary: 'accept-encoding' } };
}

function inThread(offload: Offload, { method, url, headers }: HttpRequest, body: Buffer): Promise<Reply> {
  return offload.answer({ method: method ?? 'POST', path: pathOf(url), headers, body });
}

function send(response: HttpResponse, { status, contentType, body, retryAfter, headers: own }: Reply, closing: boolean, allow?: string): void {
  if (response.destroyed) return;
  const headers = ['content-type', contentType, 'content-length', String(Buffer.byteLength(body))];
  const id = response.req.headers['x-request-id'];
  if (typeof id === 'string') headers.push('x-request-id', id);
  if (retryAfter !== undefined) headers.push('retry-after', String(retryAfter));
  if (own) headers.push(...Object.entries(own).flat());
  if (allow) headers.push('allow', allow);
  if (closing) headers.push(...endOfConnection(response));
  response.writeHead(status, headers).end(body);
}

/**
 * Answers 413 while the body is still arriving. Closing at once would make the kernel reset the connection and the
 * client would never see the answer, so what still comes is thrown away for a moment.
 */
function refuse(request: IncomingMessage, response: ServerResponse, limit: number): void {
  const { status, contentType, body } = replyOf(new IsvcError('ISVC_INPUT_TOO_LARGE', `the request body is larger than ${limit} bytes`));
  response.writeHead(status, ['content-type', contentType, 'content-length', String(Buffer.byteLength(body)), ...endOfConnection(response)]);
  response.write(body);
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, REFUSAL_LINGER_MS);
  request.once('end', end).once('close', end).resume();
}

/** HTTP/2 has a frame for it, and no such header. */
function endOfConnection({ req }: HttpResponse): readonly string[] {
  return req.httpVersionMajor === 1 ? ['connection', 'close'] : [];
}
