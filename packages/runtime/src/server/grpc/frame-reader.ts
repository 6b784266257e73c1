import { gunzipSync, inflateSync } from 'node:zlib';
import { IsvcError } from 'cdk8s-kserve/api';

const HEAD_BYTES = 5;
const EMPTY = Buffer.alloc(0);

/** Cuts the bytes of a gRPC stream into messages: one byte that says whether it is compressed, four of its length. */
export class FrameReader {
  private rest: Buffer = EMPTY;
  /** What came after `rest`; joined only when a whole message is there, so that large ones are copied once. */
  private more: Buffer[] = [];
  private size = 0;
  private wanted = HEAD_BYTES;
  private readonly limit: number;
  private readonly encoding: string | undefined;

  /** @param limit of a message in bytes, after decompression. @param encoding of compressed messages; gzip and deflate are known. */
  constructor(limit: number, encoding: string | undefined) {
    this.limit = limit;
    this.encoding = encoding;
  }

  /** Whether bytes of a message are there whose end is missing. */
  get unfinished(): boolean {
    return this.size > 0;
  }

  /** @throws IsvcError ISVC_INPUT_TOO_LARGE as soon as a length says so, ISVC_INPUT_INVALID for what is not of the encoding. */
  push(chunk: Buffer): Buffer[] {
    this.more.push(chunk);
    this.size += chunk.length;
    if (this.size < this.wanted) return [];
    this.rest = this.rest.length === 0 && this.more.length === 1 ? chunk : Buffer.concat([this.rest, ...this.more]);
    this.more = [];
    this.wanted = HEAD_BYTES;
    const messages: Buffer[] = [];
    while (this.rest.length >= HEAD_BYTES) {
      const length = this.rest.readUInt32BE(1);
      if (length > this.limit) throw new IsvcError('ISVC_INPUT_TOO_LARGE', `SERVER: Received message larger than max (${length} vs. ${this.limit})`);
      if (this.rest.length < HEAD_BYTES + length) {
        this.wanted = HEAD_BYTES + length;
        break;
      }
      const message = this.rest.subarray(HEAD_BYTES, HEAD_BYTES + length);
      messages.push(this.rest[0] === 0 ? message : this.inflate(message));
      this.rest = this.rest.subarray(HEAD_BYTES + length);
    }
    this.size = this.rest.length;
    return messages;
  }

  private inflate(message: Buffer): Buffer {
    const decode = this.encoding === 'gzip' ? gunzipSync : this.encoding === 'deflate' ? inflateSync : undefined;
    if (!decode) throw new IsvcError('ISVC_SERVER_NOT_IMPLEMENTED', `the message encoding ${JSON.stringify(this.encoding ?? 'none')} is not known`, { hint: 'use gzip, deflate or identity' });
    try {
      return decode(message, { maxOutputLength: this.limit });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new IsvcError('ISVC_INPUT_TOO_LARGE', `SERVER: Decompressed message larger than max (${this.limit})`);
      throw new IsvcError('ISVC_INPUT_INVALID', `the message is no ${this.encoding}`, { cause: error });
    }
  }
}

export function frame(message: Buffer): Buffer {
  return framed(message, 0);
}

/** @param message compressed in the encoding that the headers name. */
export function compressedFrame(message: Buffer): Buffer {
  return framed(message, 1);
}

function framed(message: Buffer, flag: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head[0] = flag;
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
