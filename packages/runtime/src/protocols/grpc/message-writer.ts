const FIRST_BYTES = 256;

/** Writes one protobuf message; fields of the default value are left out, as proto3 has it. */
export class MessageWriter {
  private bytes = Buffer.allocUnsafe(FIRST_BYTES);
  private at = 0;

  bool(field: number, value: boolean): this {
    return value ? this.tag(field, 0).varint(1) : this;
  }

  int(field: number, value: number | bigint): this {
    return Number(value) === 0 ? this : this.tag(field, 0).varint(value);
  }

  /** An integer of a oneof, whose default values count. */
  member(field: number, value: number): this {
    return this.tag(field, 0).varint(value);
  }

  /** A double of a oneof. */
  double(field: number, value: number): this {
    this.tag(field, 1).room(8);
    this.at = this.bytes.writeDoubleLE(value, this.at);
    return this;
  }

  text(field: number, value: string): this {
    return value === '' ? this : this.content(field, Buffer.from(value));
  }

  /** Bytes, a text or a message; written also when it is empty. */
  content(field: number, value: Uint8Array): this {
    this.tag(field, 2).varint(value.length).room(value.length);
    this.bytes.set(value, this.at);
    this.at += value.length;
    return this;
  }

  message(field: number, write: (message: MessageWriter) => void): this {
    const inner = new MessageWriter();
    write(inner);
    return this.content(field, inner.finish());
  }

  /** A repeated integer field, packed. */
  integers(field: number, values: ArrayLike<number | bigint>): this {
    if (values.length === 0) return this;
    const packed = new MessageWriter();
    for (let i = 0; i < values.length; i++) packed.varint(values[i] as number | bigint);
    return this.content(field, packed.finish());
  }

  /** What has been written; the writer must not be used after that. */
  finish(): Buffer {
    return this.bytes.subarray(0, this.at);
  }

  private tag(field: number, wireType: number): this {
    return this.varint(field * 8 + wireType);
  }

  private varint(value: number | bigint): this {
    this.room(10);
    if (typeof value === 'bigint' || value < 0 || value > 0x7fffffff) return this.longVarint(BigInt.asUintN(64, BigInt(value)));
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) this.bytes[this.at++] = (rest & 0x7f) | 0x80;
    this.bytes[this.at++] = rest;
    return this;
  }

  private longVarint(value: bigint): this {
    let rest = value;
    for (; rest >= 0x80n; rest >>= 7n) this.bytes[this.at++] = Number(rest & 0x7fn) | 0x80;
    this.bytes[this.at++] = Number(rest);
    return this;
  }

  private room(length: number): this {
    if (this.at + length <= this.bytes.length) return this;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + length));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
    return this;
  }
}
