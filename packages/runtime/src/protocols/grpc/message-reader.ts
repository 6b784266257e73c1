import { IsvcError } from 'cdk8s-kserve/api';

const VARINT = 0;
const EIGHT_BYTES = 1;
const LENGTH = 2;
const FOUR_BYTES = 5;

/**
 * Reads the fields of one protobuf message in order, without a copy: call `next`, look at `field`, take its value by the
 * method of its type or leave it. Lengths are checked against what is left before anything is read.
 *
 * Everything here throws IsvcError ISVC_INPUT_INVALID with the offset in the message.
 */
export class MessageReader {
  /** Number of the field that `next` found. */
  field = 0;
  private wireType = VARINT;
  private at: number;
  /** Where the field's value begins; it moves only when the value is taken. */
  private pending = false;
  private readonly bytes: Buffer;
  private readonly end: number;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /** @returns whether there is another field; the value of the one before is skipped where nobody took it. */
  next(): boolean {
    if (this.pending) this.skip();
    if (this.at >= this.end) return false;
    const tag = this.varint();
    this.field = Math.floor(tag / 8);
    this.wireType = tag % 8;
    if (this.field === 0 || tag > 0xffffffff) throw this.broken('a field number is out of range');
    this.pending = true;
    return true;
  }

  bool(): boolean {
    return this.uint64() !== 0n;
  }

  /** An int32, int64 or enum that is used as a number; beyond 2^53 it is rounded. */
  int(): number {
    const byte = this.bytes[this.at];
    if (this.wireType === VARINT && this.at < this.end && byte !== undefined && byte < 0x80) {
      this.take(VARINT);
      this.at++;
      return byte;
    }
    return Number(BigInt.asIntN(64, this.uint64()));
  }

  uint64(): bigint {
    this.take(VARINT);
    return this.longVarint();
  }

  double(): number {
    return this.fixed(EIGHT_BYTES, 8).readDoubleLE(0);
  }

  /** The content of a bytes field; it shares the message's memory. */
  content(): Buffer {
    this.take(LENGTH);
    const length = this.varint();
    if (length > this.end - this.at) throw this.broken(`field ${this.field} says ${length} bytes, ${this.end - this.at} are left`);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text(): string {
    return this.content().toString('utf8');
  }

  message(): MessageReader {
    const content = this.content();
    return new MessageReader(content);
  }

  /** Values of a repeated integer field, packed or one by one. */
  integers(into: bigint[]): void {
    if (this.wireType === VARINT) {
      into.push(this.uint64());
      return;
    }
    const packed = this.message();
    while (packed.at < packed.end) into.push(packed.longVarint());
  }

  /** Bytes of a repeated field of floats or doubles, packed or one by one. */
  packedFixed(width: 4 | 8): Buffer {
    if (this.wireType !== LENGTH) return this.fixed(width === 4 ? FOUR_BYTES : EIGHT_BYTES, width);
    const content = this.content();
    if (content.length % width !== 0) throw this.broken(`field ${this.field} has ${content.length} bytes, which are not whole values of ${width}`);
    return content;
  }

  private skip(): void {
    if (this.wireType === VARINT) this.uint64();
    else if (this.wireType === LENGTH) this.content();
    else if (this.wireType === EIGHT_BYTES) this.fixed(EIGHT_BYTES, 8);
    else this.fixed(FOUR_BYTES, 4);
  }

  private fixed(wireType: number, width: number): Buffer {
    this.take(wireType);
    if (this.end - this.at < width) throw this.broken(`field ${this.field} is cut short`);
    this.at += width;
    return this.bytes.subarray(this.at - width, this.at);
  }

  private take(wireType: number): void {
    if (this.wireType !== wireType) throw this.broken(`field ${this.field} has wire type ${this.wireType} where ${wireType} is expected`);
    this.pending = false;
  }

  /** Tags and lengths: nearly always one or two bytes, never more than fit a double. */
  private varint(): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 5 && this.at < this.end; i++) {
      const byte = this.bytes[this.at++] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    throw this.broken('a tag or length does not end');
  }

  private longVarint(): bigint {
    let value = 0n;
    for (let i = 0; i < 10 && this.at < this.end; i++) {
      const byte = this.bytes[this.at++] as number;
      value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw this.broken('a number does not end');
  }

  private broken(what: string): IsvcError {
    return new IsvcError('ISVC_INPUT_INVALID', `the message is no valid protobuf: ${what}, at byte ${this.at}`);
  }
}
