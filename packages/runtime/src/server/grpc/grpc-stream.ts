import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { IsvcError } from 'cdk8s-kserve/api';
import type { Log } from '../../process/log';
import type { GrpcCall, InferElsewhere, StreamMethod } from '../../protocols/grpc/grpc-method';
import { findGrpcMethod } from '../../protocols/grpc/methods';
import type { ServerState } from '../../protocols/protocol';
import { type EdgeOptions, enterEdge } from '../edge/edge';
import { grpcStatusOf, messageOfError, pushbackOf } from '../error-status';
import type { RequestQueue } from '../schedule/request-queue';
import { FrameReader } from './frame-reader';
import { type Ending, assertSendable, finish, frameAs, headersOf } from './grpc-answer';
import { grpcEdgeCall, mayCall } from './grpc-edge';
import { messagesOf, onlyMessage } from './grpc-messages';
import { rejectOnAbort } from './reject-on-abort';

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
    const left = rejectOnAbort(signal);
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

function encodingOf(headers: IncomingHttpHeaders): string | undefined {
  const encoding = headers['grpc-encoding'];
  return typeof encoding === 'string' ? encoding : undefined;
}

function timeoutOf(header: string | string[] | undefined, limitMs: number | undefined): number | undefined {
  const [, value, unit] = /^(\d{1,8})([HMSmun])$/.exec(typeof header === 'string' ? header : '') ?? [];
  if (value === undefined || unit === undefined) return limitMs;
  return Math.min(Math.ceil(Number(value) * (UNIT_MS[unit] ?? 1)), limitMs ?? MAX_TIMER_MS, MAX_TIMER_MS);
}
