import { array, assert, maxSafeInteger, property } from 'fast-check';
import { decodeRaw, encodeRaw } from '../../src/tensors/raw-tensor';

test('whole numbers given as doubles are written as the eight bytes of each', () => {
  assert(property(array(maxSafeInteger()), (numbers) => {
    const bytes = encodeRaw({ name: 'x', datatype: 'INT64', shape: [numbers.length], data: Float64Array.from(numbers) });
    expect(Array.from(decodeRaw('INT64', bytes) as BigInt64Array, Number)).toEqual(numbers.map((number) => number + 0));
  }), { examples: [[[0, -1, 1, 2 ** 31, -(2 ** 31), 2 ** 32, -(2 ** 32), -(2 ** 32) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]]] });
});

test('unsigned ones as well', () => {
  const bytes = encodeRaw({ name: 'x', datatype: 'UINT64', shape: [2], data: Float64Array.of(3_000_000_000, Number.MAX_SAFE_INTEGER) });
  expect([bytes.readBigUInt64LE(0), bytes.readBigUInt64LE(8)]).toEqual([3_000_000_000n, BigInt(Number.MAX_SAFE_INTEGER)]);
});
