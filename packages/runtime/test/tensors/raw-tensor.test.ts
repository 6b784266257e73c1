import { array, assert, bigInt, maxSafeInteger, property } from 'fast-check';
import { decodeRaw, doublesOfLongs, encodeRaw } from '../../src/tensors/raw-tensor';

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

test.each([['INT64', BigInt64Array, -(2n ** 63n), 2n ** 63n - 1n], ['UINT64', BigUint64Array, 0n, 2n ** 64n - 1n]] as const)('numbers of %s are the doubles nearest to them', (_datatype, Typed, min, max) => {
  const near = [2n ** 53n + 1n, 2n ** 53n + 3n, 2n ** 62n + 2n ** 9n, 2n ** 62n + 2n ** 9n + 1n, 2n ** 32n, 2n ** 32n - 1n];
  assert(property(array(bigInt({ min, max })), (numbers) => {
    expect([...doublesOfLongs(Typed.from(numbers))]).toEqual(numbers.map(Number));
  }), { examples: [[[0n, 1n, min, max, ...near, ...(min < 0n ? near.map((number) => -number) : [])]]] });
});
