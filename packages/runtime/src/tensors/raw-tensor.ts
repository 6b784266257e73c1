import { isUtf8 } from 'node:buffer';
import { IsvcError } from 'cdk8s-kserve/api';
import type { Datatype } from '../model/model';
import type { Tensor, TensorData } from '../model/tensor-model';

type NumericArray = Exclude<TensorData, readonly string[] | readonly Uint8Array[]>;
type FromBytes = (buffer: ArrayBuffer, offset: number, length: number) => NumericArray;

/** The typed array of a datatype and the bytes of one element; tensors travel little-endian, as every machine of Node is. */
const ARRAYS: Readonly<Partial<Record<Datatype, readonly [FromBytes, number]>>> = {
  BOOL: [(b, o, n) => new Uint8Array(b, o, n), 1],
  INT8: [(b, o, n) => new Int8Array(b, o, n), 1],
  UINT8: [(b, o, n) => new Uint8Array(b, o, n), 1],
  INT16: [(b, o, n) => new Int16Array(b, o, n), 2],
  UINT16: [(b, o, n) => new Uint16Array(b, o, n), 2],
  FP16: [(b, o, n) => new Uint16Array(b, o, n), 2],
  INT32: [(b, o, n) => new Int32Array(b, o, n), 4],
  UINT32: [(b, o, n) => new Uint32Array(b, o, n), 4],
  FP32: [(b, o, n) => new Float32Array(b, o, n), 4],
  INT64: [(b, o, n) => new BigInt64Array(b, o, n), 8],
  UINT64: [(b, o, n) => new BigUint64Array(b, o, n), 8],
  FP64: [(b, o, n) => new Float64Array(b, o, n), 8],
};
const LENGTH_BYTES = 4;

/** The bytes of a tensor in the order of the binary extension and of gRPC's raw contents. */
export function encodeRaw({ name, datatype, data }: Tensor): Buffer {
  if (datatype === 'BYTES') return encodeBytes(data as readonly (string | Uint8Array)[]);
  const array = ArrayBuffer.isView(data) ? widened(datatype, data) : undefined;
  const width = ARRAYS[datatype]?.[1];
  if (!array || array.BYTES_PER_ELEMENT !== width) {
    throw new IsvcError('ISVC_INPUT_INVALID', `tensor '${name}' of datatype ${datatype} must have its data in a typed array of ${width ?? 'that'} bytes an element`);
  }
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

/** INT64 and UINT64 may be given as doubles while every value is a safe integer. */
function widened(datatype: Datatype, data: NumericArray): NumericArray {
  if (!(data instanceof Float64Array)) return data;
  return datatype === 'INT64' || datatype === 'UINT64' ? new BigInt64Array(inWords(data)) : data;
}

const WORD = 2 ** 32;

/** Whole numbers in two words each: a BigInt for every element would take longer than a model does for it. */
function inWords(data: Float64Array): ArrayBuffer {
  const words = new Int32Array(2 * data.length);
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    const high = Math.floor(value / WORD);
    // The remainder by `%` takes five times as long.
    words[2 * i] = value - high * WORD;
    words[2 * i + 1] = high;
  }
  return words.buffer;
}

/** Whole numbers of 64 bits as the nearest doubles: the sum of two words is rounded once. */
export function doublesOfLongs(data: BigInt64Array | BigUint64Array): Float64Array {
  const place = [data.buffer, data.byteOffset, 2 * data.length] as const;
  const highs = data instanceof BigInt64Array ? new Int32Array(...place) : new Uint32Array(...place);
  const lows = new Uint32Array(...place);
  const doubles = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) doubles[i] = (highs[2 * i + 1] as number) * WORD + (lows[2 * i] as number);
  return doubles;
}

function encodeBytes(elements: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(elements.flatMap((element) => {
    const bytes = typeof element === 'string' ? Buffer.from(element) : element;
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32LE(bytes.length);
    return [length, bytes];
  }));
}

/** @returns `undefined` where the bytes are not whole elements. The answer shares memory with `bytes` where their alignment allows. */
export function decodeRaw(datatype: Datatype, bytes: Buffer): TensorData | undefined {
  if (datatype === 'BYTES') return decodeBytes(bytes);
  const entry = ARRAYS[datatype];
  if (!entry || bytes.length % entry[1] !== 0) return undefined;
  const [view, width] = entry;
  if (bytes.byteOffset % width === 0) return view(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length / width);
  return view(new Uint8Array(bytes).buffer, 0, bytes.length / width);
}

function decodeBytes(bytes: Buffer): readonly string[] | readonly Uint8Array[] | undefined {
  const elements: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + LENGTH_BYTES > bytes.length) return undefined;
    const end = at + LENGTH_BYTES + bytes.readUInt32LE(at);
    if (end > bytes.length) return undefined;
    elements.push(bytes.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  return textsOrBytes(elements);
}

/** Text where every element is UTF-8, else bytes: decoding others would silently change them. */
export function textsOrBytes(elements: readonly Buffer[]): readonly string[] | readonly Uint8Array[] {
  return elements.every((element) => isUtf8(element)) ? elements.map((element) => element.toString('utf8')) : elements;
}

/** Elements as a typed array of the datatype's width, from JSON numbers. */
export function fromNumbers(datatype: Datatype, values: readonly unknown[]): TensorData | undefined {
  if (datatype === 'BYTES') return values.map(String);
  const entry = ARRAYS[datatype];
  if (!entry || datatype === 'FP16') return undefined;
  const array = entry[0](new ArrayBuffer(values.length * entry[1]), 0, values.length);
  const big = array instanceof BigInt64Array || array instanceof BigUint64Array;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    // `null` is how JSON has a missing number.
    if (big) array[i] = BigInt(value as number);
    else (array as Float64Array)[i] = value === null ? NaN : Number(value);
  }
  return array;
}
