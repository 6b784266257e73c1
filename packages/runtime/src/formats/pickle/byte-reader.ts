import { IsvcError } from 'cdk8s-kserve/api';
import { MAX_TEXT_BYTES } from './limits';

/** Reads a file front to back. Every length is checked against what is left before anything is sliced or allocated. */
export class ByteReader {
  readonly bytes: Buffer;
  /** File name, for messages. */
  readonly file: string;
  position = 0;
  private readonly where: string;

  /** @param inflated whether `bytes` are the decompressed content, so that messages do not point into the file. */
  constructor(bytes: Buffer, file: string, inflated = false) {
    this.bytes = bytes;
    this.file = file;
    this.where = inflated ? ' of the decompressed data' : '';
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  /** The next `length` bytes, as a view. */
  take(length: number): Buffer {
    if (!(length >= 0 && length <= this.remaining)) {
      throw this.corrupt(`needs ${length} more bytes where ${this.remaining} are left`);
    }
    const start = this.position;
    this.position = start + length;
    return this.bytes.subarray(start, this.position);
  }

  u8(): number {
    const byte = this.bytes[this.position];
    if (byte === undefined) throw this.corrupt('ends too early');
    this.position += 1;
    return byte;
  }

  u16(): number {
    return this.take(2).readUInt16LE(0);
  }

  u32(): number {
    return this.take(4).readUInt32LE(0);
  }

  i32(): number {
    return this.take(4).readInt32LE(0);
  }

  /** An 8-byte length; what exceeds 2^53 is rounded, which `take` then refuses. */
  u64(): number {
    return Number(this.take(8).readBigUInt64LE(0));
  }

  f64BigEndian(): number {
    return this.take(8).readDoubleBE(0);
  }

  /** Text up to the next line feed, which is consumed; bytes become characters one to one. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw this.corrupt('ends in the middle of a line');
    if (end - this.position > MAX_TEXT_BYTES) throw this.corrupt(`has a line of more than ${MAX_TEXT_BYTES} bytes`);
    const text = this.bytes.toString('latin1', this.position, end);
    this.position = end + 1;
    return text;
  }

  /** ISVC_MODEL_CORRUPT at `offset`, by default the current position. */
  corrupt(problem: string, offset: number = this.position): IsvcError {
    return new IsvcError('ISVC_MODEL_CORRUPT', `damaged or cut short at ${this.at(offset)}: ${problem}`, {
      path: this.file,
      hint: 'copy the file again and compare its checksum with the source',
    });
  }

  /** `byte 17`, or `byte 17 of the decompressed data`. */
  at(offset: number): string {
    return `byte ${offset}${this.where}`;
  }
}
