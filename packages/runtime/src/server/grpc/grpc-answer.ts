import type { ServerHttp2Stream } from 'node:http2';
import { IsvcError } from 'cdk8s-kserve/api';
import { type AnswerEncoding, encodeBody } from '../encode-body';
import { compressedFrame, frame } from './frame-reader';

/** What the end of a call may have beside its status. */
export interface Ending {
  /** A framed message before the status. */
  readonly last?: Buffer;
  /** Milliseconds after which a client may ask again. @default - it is not told */
  readonly pushbackMs?: number | undefined;
}

/** Ends a call with its status, whether or not the answer has begun. @param id of the request. @returns whether there was still somebody to tell. */
export function finish(stream: ServerHttp2Stream, id: string, status: number, message: string, { last, pushbackMs }: Ending): boolean {
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

/** @param encoding of the request, which the messages of the answer follow. */
export function headersOf(id: string, encoding?: string): Record<string, string | number> {
  return { ':status': 200, 'content-type': 'application/grpc', 'grpc-accept-encoding': 'identity,deflate,gzip', 'x-request-id': id, ...(isKnown(encoding) ? { 'grpc-encoding': encoding } : {}) };
}

/** A client that compresses what it sends is answered in kind, as gRPC's own servers do; what all of them accept says nothing. */
export async function frameAs(encoding: string | undefined, message: Buffer, minBytes: number): Promise<Buffer> {
  if (!isKnown(encoding) || minBytes === 0 || message.length < minBytes) return frame(message);
  return compressedFrame(await encodeBody(message, encoding));
}

/** @param limit in bytes. @throws IsvcError ISVC_INPUT_TOO_LARGE in the words of gRPC's own servers. */
export function assertSendable(message: Buffer, limit: number): void {
  if (message.length > limit) throw new IsvcError('ISVC_INPUT_TOO_LARGE', `SERVER: Sent message larger than max (${message.length} vs. ${limit})`);
}

function isKnown(encoding: string | undefined): encoding is AnswerEncoding {
  return encoding === 'gzip' || encoding === 'deflate';
}

/** Printable ASCII but the percent sign stays as it is; some clients decode no more than the rest. */
function messageOfTrailer(message: string): string {
  return message.replace(/[^\x20-\x24\x26-\x7e]+/gu, (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''));
}
