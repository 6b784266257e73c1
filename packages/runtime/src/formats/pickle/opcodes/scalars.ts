import { MAX_INTEGER_LENGTH, MAX_TEXT_BYTES } from '../limits';
import type { OpcodeHandler, PickleMachine } from '../pickle-machine';
import { rawUnicodeUnescape, stringLiteral } from '../text-escapes';

/** Opcodes that push one value without parts: None, booleans, numbers, text, bytes. */
export const SCALAR_OPCODES: Readonly<Record<number, OpcodeHandler>> = {
  /* NONE */ 0x4e: (m) => m.push(null),
  /* NEWTRUE */ 0x88: (m) => m.push(true),
  /* NEWFALSE */ 0x89: (m) => m.push(false),
  /* BININT */ 0x4a: (m) => m.push(m.reader.i32()),
  /* BININT1 */ 0x4b: (m) => m.push(m.reader.u8()),
  /* BININT2 */ 0x4d: (m) => m.push(m.reader.u16()),
  /* LONG1 */ 0x8a: (m) => m.push(readLong(m, m.reader.u8())),
  /* LONG4 */ 0x8b: (m) => m.push(readLong(m, m.reader.i32())),
  /* BINFLOAT */ 0x47: (m) => m.push(m.reader.f64BigEndian()),
  /* SHORT_BINUNICODE */ 0x8c: (m) => m.push(readText(m, m.reader.u8())),
  /* BINUNICODE */ 0x58: (m) => m.push(readText(m, m.reader.u32())),
  /* BINUNICODE8 */ 0x8d: (m) => m.push(readText(m, m.reader.u64())),
  /* SHORT_BINBYTES */ 0x43: (m) => m.push(m.reader.take(m.reader.u8())),
  /* BINBYTES */ 0x42: (m) => m.push(m.reader.take(m.reader.u32())),
  /* BINBYTES8 */ 0x8e: (m) => m.push(m.reader.take(m.reader.u64())),
  /* BYTEARRAY8 */ 0x96: (m) => m.push(m.reader.take(m.reader.u64())),
  // Python 2 wrote its byte strings with these two; one character per byte keeps both readings possible.
  /* SHORT_BINSTRING */ 0x55: (m) => m.push(m.reader.take(m.reader.u8()).toString('latin1')),
  /* BINSTRING */ 0x54: (m) => m.push(textBytes(m, m.reader.i32()).toString('latin1')),
  // Protocol 0 writes numbers and text as lines.
  /* INT */ 0x49: (m) => m.push(readIntLine(m)),
  /* LONG */ 0x4c: (m) => m.push(readLongLine(m)),
  /* FLOAT */ 0x46: (m) => m.push(readFloatLine(m)),
  /* STRING */ 0x53: (m) => m.push(readStringLine(m)),
  /* UNICODE */ 0x56: (m) => m.push(rawUnicodeUnescape(m.reader.line())),
};

function textBytes(m: PickleMachine, length: number): Buffer {
  if (length > MAX_TEXT_BYTES) throw m.corrupt(`has a text of ${length} bytes; at most ${MAX_TEXT_BYTES} are read`);
  return m.reader.take(length);
}

function readText(m: PickleMachine, length: number): string {
  return textBytes(m, length).toString('utf8');
}

/** Two's complement, little end first, any length. */
function readLong(m: PickleMachine, length: number): number | bigint {
  if (length > MAX_INTEGER_LENGTH) throw m.corrupt(`has an integer of ${length} bytes; at most ${MAX_INTEGER_LENGTH} are read`);
  const bytes = m.reader.take(length);
  if (length === 0) return 0;
  const unsigned = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
  return narrow(BigInt.asIntN(length * 8, unsigned));
}

function readIntLine(m: PickleMachine): number | bigint | boolean {
  const text = m.reader.line();
  if (text === '00') return false;
  if (text === '01') return true;
  return decimal(m, text);
}

function readLongLine(m: PickleMachine): number | bigint {
  return decimal(m, m.reader.line().replace(/L$/, ''));
}

function decimal(m: PickleMachine, text: string): number | bigint {
  if (text.length > MAX_INTEGER_LENGTH || !/^[+-]?\d+$/.test(text)) throw m.corrupt('has no decimal integer');
  return narrow(BigInt(text.replace(/^\+/, '')));
}

function readFloatLine(m: PickleMachine): number {
  const text = m.reader.line();
  if (text === 'inf') return Infinity;
  if (text === '-inf') return -Infinity;
  if (text === 'nan') return NaN;
  if (text.length > 64 || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw m.corrupt('has no decimal number');
  return Number(text);
}

function readStringLine(m: PickleMachine): string {
  const text = stringLiteral(m.reader.line());
  if (text === undefined) throw m.corrupt('has no quoted string');
  return text;
}

function narrow(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}
