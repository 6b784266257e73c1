import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { IsvcError } from 'cdk8s-kserve/api';
import type { Log } from '../../process/log';
import type { GrpcCall, InferElsewhere, StreamMethod } from '../../protocols/grpc/grpc-method';
import { findGrpcMethod } from '../../protocols/grpc/methods';
import type { ServerState } from '../../protocols/protocol';
import { type EdgeOptions, enterEdge } from '../edge/edge';
import { grpcStatusOf, messageOfError, pushbackOf } from '../error-status';
import type { RequestQueue } from '../schedule/request-queue';
import { type AnswerEncoding, encodeBody } from '../encode-body';
import { FrameReader, compressedFrame, frame } from './frame-reader';
import { grpcEdgeCall, mayCall } from './grpc-edge';

export interface GrpcStreamOptions {
  readonly maxReceiveBytes: number;
  readonly maxSendBytes: number;
  /** Size from which answers are compressed where the request was; 0 is never. */
  readonly compressMinBytes: number;
  readonly requestTimeoutMs?: number | undefined;
  readonly queue?: RequestQueue | undefined;
  /** Threads for requests that would keep the event loop. @default - none */
  readonly elsewhere?: InferElsewhere | undefined;
  readonly edge: EdgeOptions;
  readonly log: Log;
}

const UNAUTHENTICATED = 16;
/** How long a call that has begun may take to send its message once the server stops. */
const UNSENT_MS = 5000;
const UNIT_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 0.001, n: 0.000001 };
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Answers one call: messages are read, the method runs, its messages and a status are written. */
export async function answerGrpc(
  stream: ServerHttp2Stream, headers: IncomingHttpHeaders, state: ServerState, ending: AbortSignal, options: GrpcStreamOptions,
): Promise<void> {
  stream.on('error', () => {});
  let sent: number | undefined;
  const id = enterEdge(headers, options.edge, () => grpcEdgeCall(stream, headers, () => sent));
  const end = (status: number, message: string, more: Ending = {}): void => {
    if (finish(stream, id, status, message, more)) sent = status;
  };
  if (!mayCall(options.edge.tokens, headers)) return end(UNAUTHENTICATED, 'the call needs a valid bearer token; send the metadata "authorization: Bearer TOKEN"');
  const controller = new AbortController();
  const { signal } = controller;
  stream.once('close', () => {
    if (sent === undefined) controller.abort(new IsvcError('ISVC_SERVER_DEADLINE', 'The client has left.'));
  });
  const ms = timeoutOf(headers['grpc-timeout'], options.requestTimeoutMs);
  const late = (): void => controller.abort(new IsvcError('ISVC_SERVER_DEADLINE', `The request was not answered within its ${ms} ms.`));
  const timer = ms === undefined ? undefined : setTimeout(late, ms);
  try {
    const method = findGrpcMethod(headers[':path'] ?? '');
    if (!method) throw new IsvcError('ISVC_SERVER_NOT_IMPLEMENTED', `there is no method ${String(headers[':path']).slice(0, 200)}`);
    const run: GrpcCall['run'] = (work) => (options.queue ? options.queue.run(work, signal) : work());
    const call: GrpcCall = { headers, signal, ending, run, elsewhere: options.elsewhere };
    const encoding = encodingOf(headers);
    const reader = new FrameReader(options.maxReceiveBytes, encoding);
    const left = aborted(signal);
    if (method.kind === 'stream') await Promise.race([exchange(stream, id, method, state, call, reader, encoding, options), left.promise]);
    else {
      const answer = await Promise.race([onlyMessage(stream, reader, call.ending).then((message) => method.answer(message, state, call)), left.promise]);
      assertSendable(answer, options.maxSendBytes);
      const last = await frameAs(encoding, answer, options.compressMinBytes);
      if (!stream.destroyed) stream.respond(headersOf(id, encoding), { waitForTrailers: true });
      return end(0, '', { last });
    }
    end(0, '');
  } catch (error) {
    end(grpcStatusOf(error, options.log), messageOfError(error), { pushbackMs: pushbackOf(error) });
  } finally {
    clearTimeout(timer);
  }
}

/** Messages both ways, each as it comes. */
async function exchange(
  stream: ServerHttp2Stream, id: string, method: StreamMethod, state: ServerState, call: GrpcCall, reader: FrameReader, encoding: string | undefined, { maxSendBytes, compressMinBytes }: GrpcStreamOptions,
): Promise<void> {
  for await (const message of method.answer(messagesOf(stream, reader, call.ending), state, call)) {
    assertSendable(message, maxSendBytes);
    if (stream.destroyed) continue;
    const framed = await frameAs(encoding, message, compressMinBytes);
    if (stream.destroyed) continue;
    if (!stream.headersSent) stream.respond(headersOf(id, encoding), { waitForTrailers: true });
    if (!stream.write(framed)) await new Promise<void>((resolve) => stream.once('drain', resolve).once('close', resolve));
  }
}

/** A client that compresses what it sends is answered in kind, as gRPC's own servers do; what all of them accept says nothing. */
async function frameAs(encoding: string | undefined, message: Buffer, minBytes: number): Promise<Buffer> {
  if (!isKnown(encoding) || minBytes === 0 || message.length < minBytes) return frame(message);
  return compressedFrame(await encodeBody(message, encoding));
}

function isKnown(encoding: string | undefined): encoding is AnswerEncoding {
  return encoding === 'gzip' || encoding === 'deflate';
}

function assertSendable(message: Buffer, limit: number): void {
  if (message.length > limit) throw new IsvcError('ISVC_INPUT_TOO_LARGE', `SERVER: Sent message larger than max (${message.length} vs. ${limit})`);
}

/** The message of a call that has one; it is there when the client has ended its half of the stream. */
function onlyMessage(stream: ServerHttp2Stream, reader: FrameReader, ending: AbortSignal): Promise<Buffer> {
  const messages: Buffer[] = [];
  const stopping = aborted(ending, stoppingError, UNSENT_MS);
  // A client that leaves ends nothing below.
  stream.once('close', stopping.release);
  const read = new Promise<Buffer>((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => {
      try {
        messages.push(...reader.push(chunk));
        if (messages.length > 1) reject(new IsvcError('ISVC_INPUT_INVALID', 'the call needs one message, got more'));
      } catch (error) {
        reject(error as Error);
      }
    });
    stream.once('end', () => {
      const [only] = messages;
      if (reader.unfinished) reject(unfinishedError());
      else if (only) resolve(only);
      else reject(new IsvcError('ISVC_INPUT_INVALID', 'the call needs one message, got none'));
    });
  });
  return Promise.race([read, stopping.promise]).finally(stopping.release);
}

/** Ends with the client's half of the stream, and with UNAVAILABLE when the server stops while it waits. */
async function* messagesOf(stream: ServerHttp2Stream, reader: FrameReader, ending: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  const stopping = aborted(ending, stoppingError);
  try {
    const chunks = stream.iterator({ destroyOnReturn: false });
    for (;;) {
      const next = (await Promise.race([chunks.next(), stopping.promise])) as IteratorResult<Buffer>;
      if (next.done) break;
      yield* reader.push(next.value);
    }
    if (reader.unfinished) throw unfinishedError();
  } finally {
    stopping.release();
  }
}

function stoppingError(): IsvcError {
  return new IsvcError('ISVC_SERVER_NOT_READY', 'the server is stopping');
}

function unfinishedError(): IsvcError {
  return new IsvcError('ISVC_INPUT_INVALID', 'the stream ends inside a message');
}

/**
 * Rejects when the signal is aborted, or some time after it. A signal that outlives the call must be released, or it
 * remembers every call there was.
 */
function aborted(signal: AbortSignal, reason?: () => IsvcError, afterMs = 0): { readonly promise: Promise<never>; readonly release: () => void } {
  let release = (): void => {};
  const promise = new Promise<never>((_resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const end = (): void => reject(reason ? reason() : signal.reason);
    const onAbort = (): void => (afterMs === 0 ? end() : void (timer = setTimeout(end, afterMs)));
    release = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  // It may be the loser of a race that nobody looks at any more.
  promise.catch(() => {});
  return { promise, release };
}

interface Ending {
  /** A framed message before the status. */
  readonly last?: Buffer;
  /** When a client may ask again. */
  readonly pushbackMs?: number | undefined;
}

/** @returns whether there was still somebody to tell. */
function finish(stream: ServerHttp2Stream, id: string, status: number, message: string, { last, pushbackMs }: Ending): boolean {
  if (stream.destroyed || stream.closed) return false;
  const trailers = {
    'grpc-status': String(status),
    ...(message === '' ? {} : { 'grpc-message': messageOfTrailer(message) }),
    ...(pushbackMs === undefined ? {} : { 'grpc-retry-pushback-ms': String(pushbackMs) }),
  };
  if (!stream.headersSent) {
    stream.respond({ ...headersOf(id), ...trailers }, { endStream: true });
  } else {
    stream.once('wantTrailers', () => stream.sendTrailers(trailers));
    if (last) stream.end(last);
    else stream.end();
  }
  // What the client still sends is thrown away.
  stream.resume();
  return true;
}

function headersOf(id: string, encoding?: string): Record<string, string | number> {
  return { ':status': 200, 'content-type': 'application/grpc', 'grpc-accept-encoding': 'identity,deflate,gzip', 'x-request-id': id, ...(isKnown(encoding) ? { 'grpc-encoding': encoding } : {}) };
}

/** Printable ASCII but the percent sign stays as it is; some clients decode no more than the rest. */
function messageOfTrailer(message: string): string {
  return message.replace(/[^\x20-\x24\x26-\x7e]+/gu, (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''));
}

function encodingOf(headers: IncomingHttpHeaders): string | undefined {
  const encoding = headers['grpc-encoding'];
  return typeof encoding === 'string' ? encoding : undefined;
}

function timeoutOf(header: string | string[] | undefined, limitMs: number | undefined): number | undefined {
  const [, value, unit] = /^(\d{1,8})([HMSmun])$/.exec(typeof header === 'string' ? header : '') ?? [];
  if (value === undefined || unit === undefined) return limitMs;
  return Math.min(Math.ceil(Number(value) * (UNIT_MS[unit] ?? 1)), limitMs ?? MAX_TIMER_MS, MAX_TIMER_MS);
}
