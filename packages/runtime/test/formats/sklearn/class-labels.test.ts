import { sklearnFormat } from '../../../src/formats/sklearn/sklearn-format';
import type { OutputTensor } from '../../../src/model/model';
import { svcFile } from '../../support/handmade-models';
import { isvcErrorOf } from '../../support/isvc-error-of';
import { array, bool, build, call, dtype, float, int, list, named, none, recordDtype, text, tuple } from '../../support/pickle-writer';

function objects(...items: readonly Buffer[]): Buffer {
  return build(
    call('numpy.core.multiarray', '_reconstruct', named('numpy', 'ndarray'), tuple(int(0)), none),
    tuple(int(1), tuple(int(items.length)), dtype('O8', '|'), bool(false), list(...items)),
  );
}

function predictBoth(classes: Buffer): OutputTensor {
  const model = sklearnFormat.parse(svcFile({ classes_: classes }), 'svc.pkl');
  return model.predict({ rows: 2, columns: 2, data: Float64Array.of(-1, 0, 1, 0) });
}

function raw(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

test.each<readonly [what: string, classes: Buffer, datatype: string, data: OutputTensor['data']]>([
  ['int64', array(dtype('i8'), [2], raw(BigInt64Array.of(-1n, 2n ** 40n))), 'INT64', Float64Array.of(-1, 2 ** 40)],
  ['int64 beyond 53 bits', array(dtype('i8'), [2], raw(BigInt64Array.of(1n, 2n ** 60n + 1n))), 'INT64', BigInt64Array.of(1n, 2n ** 60n + 1n)],
  ['uint64', array(dtype('u8'), [2], raw(BigInt64Array.of(1n, 2n))), 'UINT64', Float64Array.of(1, 2)],
  ['int32', array(dtype('i4'), [2], raw(Int32Array.of(-7, 7))), 'INT32', Int32Array.of(-7, 7)],
  ['int16', array(dtype('i2'), [2], raw(Int16Array.of(-7, 7))), 'INT32', Int32Array.of(-7, 7)],
  ['int8', array(dtype('i1', '|'), [2], raw(Int8Array.of(-7, 7))), 'INT32', Int32Array.of(-7, 7)],
  ['uint8', array(dtype('u1', '|'), [2], Uint8Array.of(0, 255)), 'UINT8', Uint8Array.of(0, 255)],
  ['uint16', array(dtype('u2'), [2], raw(Uint16Array.of(0, 65535))), 'INT32', Int32Array.of(0, 65535)],
  ['uint32', array(dtype('u4'), [2], raw(Uint32Array.of(0, 4294967295))), 'INT64', Float64Array.of(0, 4294967295)],
  ['float64', array(dtype('f8'), [2], raw(Float64Array.of(-1, 1))), 'FP64', Float64Array.of(-1, 1)],
  ['float32', array(dtype('f4'), [2], raw(Float32Array.of(-1, 1))), 'FP32', Float32Array.of(-1, 1)],
  ['booleans', array(dtype('b1', '|'), [2], Uint8Array.of(0, 1)), 'BOOL', Uint8Array.of(0, 1)],
  ['text of fixed width', array(dtype('U1', '<', 4), [2], Buffer.from('a\0\0\0b\0\0\0')), 'BYTES', ['a', 'b']],
  ['text objects', objects(text('no'), text('yes')), 'BYTES', ['no', 'yes']],
  ['whole numbers as objects', objects(int(3), int(4)), 'INT64', Float64Array.of(3, 4)],
  ['numbers as objects', objects(float(0.5), int(4)), 'FP64', Float64Array.of(0.5, 4)],
  ['booleans as objects', objects(bool(false), bool(true)), 'BOOL', Uint8Array.of(0, 1)],
])('%s labels keep their type', (_what, classes, datatype, data) => {
  const output = predictBoth(classes);
  expect(output).toEqual({ name: 'output-0', datatype, shape: [2], data });
});

test.each([
  ['of mixed types', objects(text('a'), int(1)), 'mixed types'],
  ['unsigned and too large for any array here', array(dtype('u8'), [2], raw(BigInt64Array.of(1n, -1n))), 'beyond 53 bits'],
  ['without a number or text form', array(recordDtype({ a: ['u1', 1] }), [2], Uint8Array.of(1, 2)), 'a type that is not supported (V1)'],
])('labels %s are refused', (_what, classes, message) => {
  const error = isvcErrorOf(() => predictBoth(classes));
  expect([error.code, error.message]).toEqual(['ISVC_MODEL_UNSUPPORTED', expect.stringContaining(message)]);
});
