import { readAttachment } from '../../../src/formats/joblib/read-attachment';
import { decodeArray } from '../../../src/formats/numpy/decode-array';
import { toFloat64, toStrings } from '../../../src/formats/numpy/elements';
import type { NdArray } from '../../../src/formats/numpy/nd-array';
import { ByteReader } from '../../../src/formats/pickle/byte-reader';
import { readPickle } from '../../../src/formats/pickle/read-pickle';
import type { PickleValue } from '../../../src/formats/pickle/value';
import { isvcErrorOf } from '../../support/isvc-error-of';
import { bool, build, call, dict, dtype, int, list, named, none, pickle, text, tuple } from '../../support/pickle-writer';

const VALUES = Buffer.from(Float64Array.of(1, 2, 3, 4, 5, 6).buffer);

function wrapper(state: Readonly<Record<string, Buffer>> = {}): Buffer {
  const usual = { dtype: dtype('f8'), shape: tuple(int(2), int(3)), order: text('C'), allow_mmap: bool(true) };
  return build(call('joblib.numpy_pickle', 'NumpyArrayWrapper'), dict({ ...usual, ...state }));
}

function read(...parts: readonly Buffer[]): PickleValue {
  return readPickle(new ByteReader(Buffer.concat([Buffer.of(0x80, 4), ...parts]), 'm.joblib'), { allows: () => true, readAttachment });
}

function floatsOf(value: PickleValue): number[] {
  const array = decodeArray(value) as NdArray;
  return Array.from(toFloat64(array) ?? []);
}

const STOP = Buffer.from('.');

test('array bytes follow the description directly in files of joblib before 1.2', () => {
  expect(floatsOf(read(wrapper(), VALUES, STOP))).toEqual([1, 2, 3, 4, 5, 6]);
});

test.each([1, 5, 16])('a padding of %i bytes is skipped', (length) => {
  const padding = Buffer.concat([Buffer.of(length), Buffer.alloc(length, 0xff)]);
  expect(floatsOf(read(wrapper({ numpy_array_alignment_bytes: int(16) }), padding, VALUES, STOP))).toEqual([1, 2, 3, 4, 5, 6]);
});

test('an alignment of None means no padding', () => {
  expect(floatsOf(read(wrapper({ numpy_array_alignment_bytes: none }), VALUES, STOP))).toEqual([1, 2, 3, 4, 5, 6]);
});

test('column-major arrays come out row by row', () => {
  expect(floatsOf(read(wrapper({ order: text('F') }), VALUES, STOP))).toEqual([1, 3, 5, 2, 4, 6]);
});

test('an array of objects is a pickle of its own', () => {
  const objects = build(
    call('numpy.core.multiarray', '_reconstruct', named('numpy', 'ndarray'), tuple(int(0)), none),
    tuple(int(1), tuple(int(2)), dtype('O8', '|'), bool(false), list(text('a'), text('b'))),
  );
  const value = read(wrapper({ dtype: dtype('O8', '|'), shape: tuple(int(2)) }), pickle(objects), STOP);
  expect(toStrings(decodeArray(value) as NdArray)).toEqual(['a', 'b']);
});

test('the pickle goes on behind the bytes', () => {
  const value = read(Buffer.from('('), wrapper(), VALUES, int(7), wrapper(), VALUES, Buffer.from('t.')) as PickleValue[];
  expect(value[1]).toBe(7);
  expect(floatsOf(value[2] ?? null)).toEqual([1, 2, 3, 4, 5, 6]);
});

test.each([
  ['fewer bytes than the shape needs', [wrapper(), VALUES.subarray(0, 40)], /needs 48 more bytes where 40 are left/],
  ['a padding longer than the file', [wrapper({ numpy_array_alignment_bytes: int(16) }), Buffer.of(200)], /needs 200 more bytes/],
  ['a shape of words', [wrapper({ shape: text('x') })], /no valid shape/],
  ['a negative dimension', [wrapper({ shape: tuple(int(-1)) })], /no valid shape/],
  ['a shape whose product overflows', [wrapper({ shape: tuple(...Array.from({ length: 4 }, () => int(2 ** 30))) })], /no valid shape/],
  ['an enormous shape', [wrapper({ shape: tuple(int(2 ** 30), int(2 ** 20)) })], /more bytes where 0 are left/],
  ['a dtype that is none', [wrapper({ dtype: text('f8') })], /there is no numpy\.dtype/],
  ['no description', [build(call('joblib.numpy_pickle', 'NumpyArrayWrapper'), none)], /no description/],
])('%s is corrupt', (_what, parts, message) => {
  const error = isvcErrorOf(() => read(...parts));
  expect(error.code).toBe('ISVC_MODEL_CORRUPT');
  expect(error.message).toMatch(message);
});

test('arrays in files of their own are unsupported', () => {
  const value = build(call('joblib.numpy_pickle', 'NDArrayWrapper'), dict({ filename: text('m.joblib_01.npy') }));
  const error = isvcErrorOf(() => read(value, STOP));
  expect([error.code, error.message]).toEqual(['ISVC_MODEL_UNSUPPORTED', expect.stringContaining('files beside it')]);
});
