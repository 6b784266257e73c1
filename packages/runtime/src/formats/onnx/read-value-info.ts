import { type WireField, messageFields, signedOf, textOf } from '../protobuf/wire';
import { elementTypeName } from './element-types';
import type { OnnxType, OnnxValue } from './graph';

const MAX_NESTING = 8;

/** Reads a ValueInfoProto: the name and the type of an input or an output. */
export function readValueInfo(bytes: Buffer, field: WireField, file: string): OnnxValue {
  let name = '';
  let type: OnnxType = { kind: 'other', text: 'no type' };
  for (const part of messageFields(bytes, field, file)) {
    if (part.number === 1) name = textOf(bytes, part, file);
    if (part.number === 2) type = readType(bytes, part, file, 0);
  }
  return { name, type };
}

const OTHER_KINDS: Readonly<Record<number, string>> = { 4: 'sequence', 5: 'map', 7: 'opaque', 8: 'sparse tensor', 9: 'optional' };

function readType(bytes: Buffer, field: WireField, file: string, depth: number): OnnxType {
  let type: OnnxType = { kind: 'other', text: 'no type' };
  for (const part of messageFields(bytes, field, file)) {
    if (part.number === 1) type = readTensorType(bytes, part, file);
    const other = OTHER_KINDS[part.number];
    if (other !== undefined) type = { kind: 'other', text: describe(bytes, part, file, other, depth) };
  }
  return type;
}

function readTensorType(bytes: Buffer, field: WireField, file: string): OnnxType {
  let elementType = 0;
  let dims: number[] | undefined;
  for (const part of messageFields(bytes, field, file)) {
    if (part.number === 1) elementType = Number(signedOf(bytes, part, file));
    if (part.number === 2) dims = [...messageFields(bytes, part, file)].filter(({ number }) => number === 1).map((dim) => readDimension(bytes, dim, file));
  }
  return { kind: 'tensor', elementType, ...(dims ? { dims } : {}) };
}

/** A named dimension, and one without a value, is of any length. */
function readDimension(bytes: Buffer, field: WireField, file: string): number {
  let length = -1;
  for (const part of messageFields(bytes, field, file)) {
    if (part.number !== 1) continue;
    const value = signedOf(bytes, part, file);
    length = value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER) ? -1 : Number(value);
  }
  return length;
}

/** `sequence of map of int64 to float32 tensor`, for messages. */
function describe(bytes: Buffer, field: WireField, file: string, kind: string, depth: number): string {
  if (depth >= MAX_NESTING || kind === 'opaque' || kind === 'sparse tensor') return kind;
  let key = '';
  let value = '';
  for (const part of messageFields(bytes, field, file)) {
    const isKey = kind === 'map' && part.number === 1;
    if (isKey) key = `${elementTypeName(Number(signedOf(bytes, part, file)))} to `;
    else if (part.wireType === 2) {
      const type = readType(bytes, part, file, depth + 1);
      value = type.kind === 'tensor' ? `${elementTypeName(type.elementType)} tensor` : type.text;
    }
  }
  return `${kind} of ${key}${value}`;
}
