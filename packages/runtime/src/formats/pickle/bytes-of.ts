import { PickledObject, type PickleValue } from './value';

/**
 * The bytes a value stands for, `undefined` where it stands for none. Protocols 0 to 2 have no opcode for Python 3 bytes
 * and write a call of `_codecs.encode(text, 'latin1')`, or of `bytes()` for none; Python 2 wrote plain strings.
 */
export function bytesOf(value: PickleValue | undefined): Buffer | undefined {
  if (Buffer.isBuffer(value)) return value;
  if (typeof value === 'string') return latin1Bytes(value);
  if (!(value instanceof PickledObject)) return undefined;
  const [text, encoding] = value.args;
  if (value.callee.module === '_codecs' && value.callee.name === 'encode') {
    return typeof text === 'string' && (encoding === 'latin1' || encoding === 'latin-1') ? latin1Bytes(text) : undefined;
  }
  if (value.callee.name === 'bytes' && value.args.length === 0) return Buffer.alloc(0);
  // bytearray(b'...') is how protocol 4 and older write the buffer of a protocol 5 array.
  if (value.callee.name === 'bytearray') return value.args.length === 0 ? Buffer.alloc(0) : nonText(text);
  return undefined;
}

function nonText(value: PickleValue | undefined): Buffer | undefined {
  return Buffer.isBuffer(value) ? value : undefined;
}

function latin1Bytes(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'latin1');
  // A character beyond one byte would be cut silently.
  return /^[\0-\xff]*$/.test(text) ? bytes : undefined;
}
