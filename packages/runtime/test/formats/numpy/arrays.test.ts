import { decodeArray } from '../../../src/formats/numpy/decode-array';
import { fieldToFloat64, fieldToInt32, fieldToUint8, toBigInt64, toFloat64, toStrings, viewFloat64 } from '../../../src/formats/numpy/elements';
import type { NdArray } from '../../../src/formats/numpy/nd-array';
import { parseNumber } from '../../../src/formats/numpy/parse-number';
import { ByteReader } from '../../../src/formats/pickle/byte-reader';
import { readPickle } from '../../../src/formats/pickle/read-pickle';
import type { PickleValue } from '../../../src/formats/pickle/value';
import { array, bool, build, bytes, call, dict, dtype, int, list, named, none, pickle, recordDtype, text, tuple } from '../../support/pickle-writer';

function valueOf(written: Buffer): PickleValue {
  return readPickle(new ByteReader(pickle(written), 'm.pkl'), { allows: () => true });
}

function arrayOf(written: Buffer): NdArray {
  const decoded = decodeArray(valueOf(written));
  if (typeof decoded === 'string') throw new Error(decoded);
  return decoded;
}

test.each([
  ['b1', '|', [1, 0, 2], [1, 0, 1]],
  ['i1', '|', [0xff, 2], [-1, 2]],
  ['u1', '|', [0xff], [255]],
  ['i2', '<', [0xfe, 0xff], [-2]],
  ['i2', '>', [0xff, 0xfe], [-2]],
  ['u2', '>', [1, 0], [256]],
  ['i4', '<', [0, 0, 0, 0x80], [-(2 ** 31)]],
  ['u4', '<', [0, 0, 0, 0x80], [2 ** 31]],
  ['i8', '<', [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [-2]],
  ['i8', '>', [0, 0, 0, 1, 0, 0, 0, 5], [2 ** 32 + 5]],
  ['u8', '<', [5, 0, 0, 0, 1, 0, 0, 0], [2 ** 32 + 5]],
  ['f4', '<', [0, 0, 0xc0, 0x3f], [1.5]],
  ['f4', '>', [0x3f, 0xc0, 0, 0], [1.5]],
  ['f8', '<', [0, 0, 0, 0, 0, 0, 0xf8, 0x3f], [1.5]],
  ['f8', '>', [0x3f, 0xf8, 0, 0, 0, 0, 0, 0], [1.5]],
] as const)('%s with byte order %s is read as numbers', (code, order, data, values) => {
  const written = array(dtype(code, order), [values.length], Uint8Array.from(data));
  expect(Array.from(toFloat64(arrayOf(written)) ?? [])).toEqual([...values]);
});

test('numbers that do not start on a multiple of their size are read all the same', () => {
  const decoded = arrayOf(array(dtype('f8'), [2], new Uint8Array(Float64Array.of(1.25, -3).buffer)));
  const shifted = Buffer.concat([Buffer.alloc(1), decoded.bytes]).subarray(1);
  expect(Array.from(toFloat64({ ...decoded, bytes: shifted }) ?? [])).toEqual([1.25, -3]);
});

test('integers beyond 53 bits keep every digit', () => {
  const data = new Uint8Array(BigInt64Array.of(2n ** 62n + 1n, -(2n ** 62n) - 1n).buffer);
  expect(Array.from(toBigInt64(arrayOf(array(dtype('i8'), [2], data))))).toEqual([2n ** 62n + 1n, -(2n ** 62n) - 1n]);
});

test.each([
  ['<', Buffer.from('a\0\0\0\u00e9\0\0\0\0\0\0\0b\0\0\0\0\0\0\0\0\0\0\0', 'latin1')],
  ['>', Buffer.from('\0\0\0a\0\0\0\u00e9\0\0\0\0\0\0\0b\0\0\0\0\0\0\0\0', 'latin1')],
])('text of fixed width with byte order %s loses its padding', (order, data) => {
  expect(toStrings(arrayOf(array(dtype('U3', order, 12), [2], data)))).toEqual(['aé', 'b']);
});

test('bytes of fixed width are text too, objects only where all are text', () => {
  expect(toStrings(arrayOf(array(dtype('S2', '|', 2), [2], Buffer.from('abc\0'))))).toEqual(['ab', 'c']);
  const objects = (...items: readonly Buffer[]): Buffer => build(
    call('numpy._core.multiarray', '_reconstruct', named('numpy', 'ndarray'), tuple(int(0)), none),
    tuple(int(1), tuple(int(items.length)), dtype('O8', '|'), bool(false), list(...items)),
  );
  expect(toStrings(arrayOf(objects(text('x'), text('y'))))).toEqual(['x', 'y']);
  expect(toStrings(arrayOf(objects(text('x'), int(1))))).toBeUndefined();
});

test('fields of records are read by name', () => {
  const data = Buffer.alloc(24);
  data.writeBigInt64LE(-1n, 0);
  data.writeDoubleLE(0.5, 8);
  data.writeUInt8(1, 16);
  const record = recordDtype({ child: ['i8', 8], threshold: ['f8', 8], flag: ['u1', 8] });
  const decoded = arrayOf(array(record, [1], data));
  expect(['child', 'threshold', 'flag'].map((name) => fieldToFloat64(decoded, name)?.[0])).toEqual([-1, 0.5, 1]);
  expect(fieldToFloat64(decoded, 'other')).toBeUndefined();
  expect([fieldToInt32(decoded, 'child'), fieldToUint8(decoded, 'flag')]).toEqual([Int32Array.of(-1), Uint8Array.of(1)]);
  expect([fieldToInt32(decoded, 'threshold'), fieldToInt32(decoded, 'other'), fieldToUint8(decoded, 'child')]).toEqual([undefined, undefined, undefined]);
});

test.each([2n ** 31n, -(2n ** 31n) - 1n, 2n ** 40n])('a field with %p is not one of 32-bit integers', (value) => {
  const data = Buffer.alloc(16);
  data.writeBigInt64LE(value, 8);
  const decoded = arrayOf(array(recordDtype({ child: ['i8', 8] }), [2], data));
  expect(fieldToInt32(decoded, 'child')).toBeUndefined();
  expect(fieldToFloat64(decoded, 'child')).toEqual(Float64Array.of(0, Number(value)));
});

test('doubles are viewed where they lie as they are needed, and copied elsewhere', () => {
  const numbers = Buffer.from(Float64Array.of(1, 2, 3, 4).buffer);
  const aligned = arrayOf(array(dtype('f8'), [2, 2], numbers));
  for (const offset of [0, 4]) {
    const bytes = Buffer.from(new ArrayBuffer(40), offset, 32);
    numbers.copy(bytes);
    const view = viewFloat64({ ...aligned, bytes });
    expect([view, view?.buffer === bytes.buffer]).toEqual([Float64Array.of(1, 2, 3, 4), offset === 0]);
    expect(viewFloat64({ ...aligned, bytes, columnMajor: true })).toEqual(Float64Array.of(1, 3, 2, 4));
  }
});

test('a three-dimensional column-major array comes out row by row', () => {
  const written = call('numpy.core.numeric', '_frombuffer', bytes(Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])), dtype('u1', '|'), tuple(int(2), int(3), int(2)), text('F'));
  expect(Array.from(toFloat64(arrayOf(written)) ?? [])).toEqual([0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]);
});

test.each<readonly [string, Buffer, number | undefined]>([
  ['a plain number', int(3), 3],
  ['a NumPy scalar', call('numpy.core.multiarray', 'scalar', dtype('f8'), bytes(new Uint8Array(Float64Array.of(0.25).buffer))), 0.25],
  ['a NumPy scalar of the wrong length', call('numpy.core.multiarray', 'scalar', dtype('f8'), bytes(Uint8Array.of(1))), undefined],
  ['text', text('3'), undefined],
])('%s is read as a number or as none', (_what, written, value) => {
  expect(parseNumber(valueOf(written))).toBe(value);
});

const eight = new Uint8Array(8);
const subarrays = build(call('numpy', 'dtype', text('V8')), tuple(int(3), text('|'), tuple(dtype('u1'), int(8)), none, none, int(8), int(1), int(0)));
const escaping = build(call('numpy', 'dtype', text('V8')), tuple(int(3), text('|'), none, tuple(text('a')), dict({ a: tuple(dtype('f8'), int(4)) }), int(8), int(1), int(0)));
const nested = build(call('numpy', 'dtype', text('V8')), tuple(int(3), text('|'), none, tuple(text('a')), dict({ a: tuple(recordDtype({ b: ['f8', 8] }), int(0)) }), int(8), int(1), int(0)));
const wide = recordDtype(Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`f${index}`, ['u1', 1]] as const)));

test.each<readonly [string, Buffer, RegExp]>([
  ['no array', int(1), /there is no array/],
  ['another object', call('m', 'f'), /a m\.f instead of an array/],
  ['fewer bytes than elements', array(dtype('f8'), [2], eight), /2 elements has 8 bytes/],
  ['more bytes than elements', array(dtype('u1'), [7], eight), /7 elements has 8 bytes/],
  ['a negative dimension', array(dtype('u1'), [-8], eight), /no valid shape/],
  ['an element of no bytes', array(dtype('f0'), [2 ** 30], eight), /dtype f0 is not supported/],
  ['text of no bytes', array(dtype('U0', '<', 0), [2 ** 30], eight), /text dtype has an element of 0 bytes/],
  ['text of part of a character', array(dtype('U1', '<', 6), [1], eight), /element of 6 bytes/],
  ['half floats', array(dtype('f2'), [4], eight), /dtype f2 is not supported/],
  ['complex numbers', array(dtype('c16'), [1], eight), /dtype "c16" is not supported/],
  ['dates', array(dtype('M8'), [1], eight), /dtype "M8" is not supported/],
  ['subarrays', array(subarrays, [1], eight), /subarrays/],
  ['a field that leaves its record', array(escaping, [1], eight), /outside the record/],
  ['records in records', array(nested, [1], eight), /inside another/],
  ['very many fields', array(wide, [1], eight), /more than 64 fields/],
  ['objects as bytes', array(dtype('O8', '|'), [1], eight), /no list of elements/],
])('%s gives a reason instead of an array', (_what, written, reason) => {
  expect(decodeArray(valueOf(written))).toEqual(expect.stringMatching(reason));
});
