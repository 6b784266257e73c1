export interface WireField {
  readonly number: number;
  /** Bytes of a string, map entry or message; a number otherwise. */
  readonly value: Buffer | bigint;
}

/** The fields of a protobuf message, in order. @throws Error when the bytes end early or are no message */
export function wireFields(bytes: Buffer): readonly WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) throw new Error('the protobuf message is cut short');
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new Error('a protobuf number is too long');
  };
  const take = (length: number): Buffer => {
    if (length < 0 || at + length > bytes.length) throw new Error('the protobuf message is cut short');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const wireType = key & 7;
    const number = key >>> 3;
    if (wireType === 0) fields.push({ number, value: varint() });
    else if (wireType === 1) fields.push({ number, value: take(8).readBigInt64LE() });
    else if (wireType === 2) fields.push({ number, value: take(Number(varint())) });
    else if (wireType === 5) fields.push({ number, value: BigInt(take(4).readInt32LE()) });
    else throw new Error(`protobuf wire type ${wireType} is not known`);
  }
  return fields;
}
