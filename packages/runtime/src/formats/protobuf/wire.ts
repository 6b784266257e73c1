import { IsvcError } from 'cdk8s-kserve/api';

/** One field of a message, as it stands on the wire; nothing of it is copied. */
export interface WireField {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes. */
  readonly wireType: 0 | 1 | 2 | 5;
  /** Offset of the field's tag. */
  readonly at: number;
  /** Payload: the varint itself, or the bytes after the length. */
  readonly start: number;
  readonly end: number;
}

/**
 * The fields of a protobuf message, in order. Every length is checked against what is left before anything is read.
 *
 * @param start @param end where the message lies in `bytes`.
 * @throws IsvcError ISVC_MODEL_CORRUPT with the offset.
 */
export function* wireFields(bytes: Buffer, start: number, end: number, file: string): Generator<WireField, void, undefined> {
  let at = start;
  while (at < end) {
    const tag = readVarint(bytes, at, end, file);
    const number = Number(tag.value >> 3n);
    const wireType = Number(tag.value & 7n);
    if (number === 0 || tag.value > 0xffffffffn) throw corruptWire(file, at, 'field number out of range');
    let from = tag.end;
    let to: number;
    if (wireType === 0) to = readVarint(bytes, from, end, file).end;
    else if (wireType === 1) to = from + 8;
    else if (wireType === 5) to = from + 4;
    else if (wireType === 2) {
      const length = readVarint(bytes, from, end, file);
      from = length.end;
      if (length.value > BigInt(end - from)) throw corruptWire(file, at, `field ${number} says ${length.value} bytes, ${end - from} are left`);
      to = from + Number(length.value);
    } else throw corruptWire(file, at, `field ${number} has wire type ${wireType}`);
    if (to > end) throw corruptWire(file, at, `field ${number} is cut short`);
    yield { number, wireType: wireType as WireField['wireType'], at, start: from, end: to };
    at = to;
  }
}

/** @returns the value as unsigned 64 bits. */
export function varintOf(bytes: Buffer, field: WireField, file: string): bigint {
  if (field.wireType !== 0) throw corruptWire(file, field.at, `field ${field.number} is no integer`);
  return readVarint(bytes, field.start, field.end, file).value;
}

/** @returns the value as int64. */
export function signedOf(bytes: Buffer, field: WireField, file: string): bigint {
  return BigInt.asIntN(64, varintOf(bytes, field, file));
}

/** @returns every value of a repeated int64 field, which may stand alone or packed. */
export function signedListOf(bytes: Buffer, field: WireField, file: string): bigint[] {
  if (field.wireType === 0) return [signedOf(bytes, field, file)];
  assertBytes(field, file);
  const values: bigint[] = [];
  for (let at = field.start; at < field.end;) {
    const { value, end } = readVarint(bytes, at, field.end, file);
    values.push(BigInt.asIntN(64, value));
    at = end;
  }
  return values;
}

export function textOf(bytes: Buffer, field: WireField, file: string): string {
  assertBytes(field, file);
  return bytes.toString('utf8', field.start, field.end);
}

/** The fields of a message that is a field. */
export function messageFields(bytes: Buffer, field: WireField, file: string): Generator<WireField, void, undefined> {
  assertBytes(field, file);
  return wireFields(bytes, field.start, field.end, file);
}

export function corruptWire(file: string, at: number, what: string): IsvcError {
  return new IsvcError('ISVC_MODEL_CORRUPT', `${what}, at byte ${at}`, { path: file, hint: 'copy the file again and compare checksums' });
}

function assertBytes(field: WireField, file: string): void {
  if (field.wireType !== 2) throw corruptWire(file, field.at, `field ${field.number} has wire type ${field.wireType} where 2 is expected`);
}

function readVarint(bytes: Buffer, at: number, end: number, file: string): { readonly value: bigint; readonly end: number } {
  // Nearly all varints of a model are tags and lengths of one or two bytes; only the long ones need 64 bits.
  let low = 0;
  let shift = 0;
  for (let i = at; i < end; i++) {
    const byte = bytes[i] as number;
    if (shift < 28) {
      low |= (byte & 0x7f) << shift;
      shift += 7;
      if (byte < 0x80) return { value: BigInt(low), end: i + 1 };
      continue;
    }
    return readLongVarint(bytes, at, end, file);
  }
  throw corruptWire(file, at, 'the file ends inside a number');
}

function readLongVarint(bytes: Buffer, at: number, end: number, file: string): { readonly value: bigint; readonly end: number } {
  let value = 0n;
  for (let i = 0; i < 10 && at + i < end; i++) {
    const byte = bytes[at + i] as number;
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), end: at + i + 1 };
  }
  throw corruptWire(file, at, 'a number does not end');
}
