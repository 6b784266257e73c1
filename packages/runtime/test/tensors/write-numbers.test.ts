import fc from 'fast-check';
import type { OutputTensor } from '../../src/model/model';
import { writeFlat, writeNested } from '../../src/tensors/write-numbers';

const tensor = (datatype: OutputTensor['datatype'], data: OutputTensor['data'], shape: readonly number[] = [data.length]): OutputTensor => ({ name: 'output-0', datatype, shape, data });

describe('numbers in answers', () => {
  test.each([
    ['FP64', Float64Array.of(1, -1, 0, -0, 1.5), '[1.0,-1.0,0.0,-0.0,1.5]'],
    ['FP64', Float64Array.of(1e-5, 1e-7, 1e16, 1e21, 1e22), '[0.00001,1e-7,10000000000000000.0,1e+21,1e+22]'],
    ['FP64', Float64Array.of(Number.NaN, Infinity, -Infinity), '[null,null,null]'],
    ['FP32', Float32Array.of(0.1, 2), '[0.10000000149011612,2.0]'],
    ['INT64', Float64Array.of(1, -2, 0), '[1,-2,0]'],
    ['INT64', BigInt64Array.of(9007199254740993n, -1n), '[9007199254740993,-1]'],
    ['INT32', Int32Array.of(7), '[7]'],
    ['BOOL', Uint8Array.of(1, 0), '[true,false]'],
    ['BYTES', ['a"b', 'ä'], '["a\\"b","ä"]'],
    ['FP64', new Float64Array(0), '[]'],
  ] as const)('%s %p is written as %s', (datatype, data, text) => {
    expect(writeFlat(tensor(datatype, data))).toBe(text);
  });

  test.each([
    [[3], '[1.0,2.0,3.0]', [1, 2, 3]],
    [[1, 3], '[[1.0,2.0,3.0]]', [1, 2, 3]],
    [[3, 1], '[[1.0],[2.0],[3.0]]', [1, 2, 3]],
    [[2, 1, 2], '[[[1.0,2.0]],[[3.0,4.0]]]', [1, 2, 3, 4]],
    [[], '1.0', [1]],
    [[0], '[]', []],
    [[2, 0], '[[],[]]', []],
    [[0, 2], '[]', []],
  ])('shape %j nests as %s', (shape, text, data) => {
    expect(writeNested(tensor('FP64', Float64Array.from(data), shape))).toBe(text);
  });

  test('every finite double comes back as the same double, and never looks like an integer', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = writeFlat(tensor('FP64', Float64Array.of(value))).slice(1, -1);
        expect(text).toMatch(/[.e]/);
        expect(Object.is(Number(text), value)).toBe(true);
      }),
    );
  });
});
