import type { PickleValue } from '../pickle/value';
import type { Dtype } from './dtype';
import type { NdArray } from './nd-array';
import { ReusedMemory } from './reused-memory';

/** Then the usual doubles of a file can be copied as they are. */
const HOST_IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Reads one number at a byte position. */
type NumberReader = (bytes: Buffer, position: number) => number;

/**
 * Elements as 64-bit floats, row after row; integers beyond 2^53 are rounded, booleans are 0 and 1.
 *
 * @returns `undefined` for an array that does not hold numbers.
 */
export function toFloat64(array: NdArray): Float64Array | undefined {
  const read = numberReader(array.dtype);
  if (!read) return undefined;
  const values = new Float64Array(array.size);
  const { itemsize } = array.dtype;
  if (read === NUMBER_READERS.f8LE && HOST_IS_LITTLE_ENDIAN) {
    new Uint8Array(values.buffer).set(array.bytes);
  } else {
    for (let index = 0; index < values.length; index++) values[index] = read(array.bytes, index * itemsize);
  }
  return array.columnMajor ? toRowMajor(values, array.shape) : values;
}

/**
 * The same to read only, without a copy where the bytes lie as they are needed; what is kept of it keeps the whole file in
 * memory.
 */
export function viewFloat64(array: NdArray): Float64Array | undefined {
  const { bytes, dtype, columnMajor } = array;
  const asIs = numberReader(dtype) === NUMBER_READERS.f8LE && HOST_IS_LITTLE_ENDIAN && !columnMajor && bytes.byteOffset % 8 === 0;
  return asIs ? new Float64Array(bytes.buffer, bytes.byteOffset, array.size) : toFloat64(array);
}

/**
 * One field of an array of records as 64-bit floats; `undefined` where there is no such numeric field.
 *
 * @param memory for the result, by name.
 */
export function fieldToFloat64(array: NdArray, name: string, memory = new ReusedMemory()): Float64Array | undefined {
  const field = array.dtype.fields?.get(name);
  const read = field && numberReader(field.dtype);
  if (!field || !read) return undefined;
  const values = new Float64Array(memory.take(name, array.size * 8), 0, array.size);
  const { itemsize } = array.dtype;
  if (read === NUMBER_READERS.f8LE) {
    const view = new DataView(array.bytes.buffer, array.bytes.byteOffset, array.bytes.byteLength);
    for (let index = 0, at = field.offset; index < values.length; index++, at += itemsize) values[index] = view.getFloat64(at, true);
    return values;
  }
  for (let index = 0; index < values.length; index++) values[index] = read(array.bytes, index * itemsize + field.offset);
  return values;
}

/**
 * One field of 64-bit integers of an array of records, in a quarter of the time; `undefined` where there is no such field,
 * the file is of another byte order, or some element does not fit.
 */
export function fieldToInt32(array: NdArray, name: string, memory = new ReusedMemory()): Int32Array | undefined {
  const { fields, itemsize } = array.dtype;
  const field = fields?.get(name);
  if (!field || field.dtype.kind !== 'i' || field.dtype.itemsize !== 8 || !field.dtype.littleEndian) return undefined;
  const view = new DataView(array.bytes.buffer, array.bytes.byteOffset, array.bytes.byteLength);
  const values = new Int32Array(memory.take(name, array.size * 4), 0, array.size);
  for (let index = 0, at = field.offset; index < values.length; index++, at += itemsize) {
    const low = view.getInt32(at, true);
    if (view.getInt32(at + 4, true) !== low >> 31) return undefined;
    values[index] = low;
  }
  return values;
}

/** One field of bytes or booleans of an array of records; `undefined` where there is no such field. */
export function fieldToUint8(array: NdArray, name: string, memory = new ReusedMemory()): Uint8Array | undefined {
  const { fields, itemsize } = array.dtype;
  const field = fields?.get(name);
  if (!field || field.dtype.itemsize !== 1 || (field.dtype.kind !== 'u' && field.dtype.kind !== 'b')) return undefined;
  const values = new Uint8Array(memory.take(name, array.size), 0, array.size);
  for (let index = 0, at = field.offset; index < values.length; index++, at += itemsize) values[index] = array.bytes[at] as number;
  return values;
}

/** Elements as text; `undefined` where some element is none. One-dimensional arrays only. */
export function toStrings(array: NdArray): string[] | undefined {
  if (array.objects) return array.objects.every(isText) ? [...array.objects] : undefined;
  const { kind, itemsize, littleEndian } = array.dtype;
  if (kind !== 'U' && kind !== 'S') return undefined;
  const texts: string[] = [];
  for (let index = 0; index < array.size; index++) {
    const element = array.bytes.subarray(index * itemsize, (index + 1) * itemsize);
    texts.push(kind === 'U' ? utf32(element, littleEndian) : element.toString('latin1').replace(/\0+$/, ''));
  }
  return texts;
}

/** 64-bit integers without rounding; only for kinds `i` and `u` of 8 bytes. */
export function toBigInt64(array: NdArray): BigInt64Array {
  const values = new BigInt64Array(array.size);
  const { littleEndian } = array.dtype;
  for (let index = 0; index < values.length; index++) {
    values[index] = littleEndian ? array.bytes.readBigInt64LE(index * 8) : array.bytes.readBigInt64BE(index * 8);
  }
  return values;
}

function isText(value: PickleValue): value is string {
  return typeof value === 'string';
}

/** NumPy keeps text as four bytes a character, padded with zeros. */
function utf32(element: Buffer, littleEndian: boolean): string {
  let text = '';
  for (let position = 0; position + 4 <= element.length; position += 4) {
    const code = littleEndian ? element.readUInt32LE(position) : element.readUInt32BE(position);
    text += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  }
  return text.replace(/\0+$/, '');
}

function numberReader(dtype: Dtype): NumberReader | undefined {
  const order = dtype.littleEndian || dtype.itemsize === 1 ? 'LE' : 'BE';
  return NUMBER_READERS[`${dtype.kind}${dtype.itemsize}${order}`];
}

const NUMBER_READERS: Readonly<Partial<Record<string, NumberReader>>> = {
  b1LE: (bytes, at) => (bytes[at] === 0 ? 0 : 1),
  i1LE: (bytes, at) => bytes.readInt8(at),
  u1LE: (bytes, at) => bytes.readUInt8(at),
  i2LE: (bytes, at) => bytes.readInt16LE(at),
  i2BE: (bytes, at) => bytes.readInt16BE(at),
  u2LE: (bytes, at) => bytes.readUInt16LE(at),
  u2BE: (bytes, at) => bytes.readUInt16BE(at),
  i4LE: (bytes, at) => bytes.readInt32LE(at),
  i4BE: (bytes, at) => bytes.readInt32BE(at),
  u4LE: (bytes, at) => bytes.readUInt32LE(at),
  u4BE: (bytes, at) => bytes.readUInt32BE(at),
  // Two halves instead of a bigint: a forest has millions of these.
  i8LE: (bytes, at) => bytes.readInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at),
  i8BE: (bytes, at) => bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4),
  u8LE: (bytes, at) => bytes.readUInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at),
  u8BE: (bytes, at) => bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4),
  f4LE: (bytes, at) => bytes.readFloatLE(at),
  f4BE: (bytes, at) => bytes.readFloatBE(at),
  f8LE: (bytes, at) => bytes.readDoubleLE(at),
  f8BE: (bytes, at) => bytes.readDoubleBE(at),
};

/** From first index fastest to last index fastest, by counting through the target in order. */
function toRowMajor(values: Float64Array, shape: readonly number[]): Float64Array {
  if (shape.length < 2) return values;
  const strides: number[] = [];
  let stride = 1;
  for (const dimension of shape) {
    strides.push(stride);
    stride *= dimension;
  }
  const result = new Float64Array(values.length);
  const index = new Array<number>(shape.length).fill(0);
  let source = 0;
  for (let target = 0; target < result.length; target++) {
    result[target] = values[source] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const step = strides[axis] as number;
      const next = (index[axis] as number) + 1;
      source += step;
      if (next < (shape[axis] as number)) {
        index[axis] = next;
        break;
      }
      source -= next * step;
      index[axis] = 0;
    }
  }
  return result;
}
