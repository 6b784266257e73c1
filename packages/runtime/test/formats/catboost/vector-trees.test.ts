import fc from 'fast-check';
import { ScalarTrees } from '../../../src/formats/catboost/oblivious-trees';
import { type ObliviousTables, VectorTrees } from '../../../src/formats/catboost/vector-trees';
import { randomOf } from '../../support/random';

const COLUMNS = 5;
const NUMBERS = [0, -0, 0.1, 1e-45, -1e-45, Infinity, -Infinity, Number.NaN, 3];

function someNumber(random: () => number): number {
  return random() < 0.5 ? (NUMBERS[Math.floor(random() * NUMBERS.length)] as number) : random() * 4 - 2;
}

function someTrees(random: () => number, outputs: number): ObliviousTables {
  const depths = Array.from({ length: 7 }, () => Math.floor(random() * 9));
  const levels = depths.reduce((sum, depth) => sum + depth, 0);
  return {
    columns: Int32Array.from({ length: levels }, () => Math.floor(random() * COLUMNS)),
    borders: Float32Array.from({ length: levels }, () => someNumber(random)),
    ends: Int32Array.from(depths, (_, tree) => depths.slice(0, tree + 1).reduce((sum, depth) => sum + depth, 0)),
    leaves: depths.map((depth) => Float64Array.from({ length: 2 ** depth * outputs }, random)),
    outputs,
  };
}

test('sixteen rows at a time get the answers of one at a time, to the last bit', () => {
  fc.assert(fc.property(fc.nat(), fc.constantFrom(1, 3, 11), fc.constantFrom(1, 15, 16, 17, 300), (seed, outputs, count) => {
    const random = randomOf(seed);
    const tables = someTrees(random, outputs);
    const rows = Float32Array.from({ length: count * COLUMNS }, () => someNumber(random));
    const wanted = Float64Array.from({ length: count * outputs }, random);
    const sums = Float64Array.from(wanted);
    new ScalarTrees(tables).addTo(wanted, rows, COLUMNS, count);
    VectorTrees.of(tables)?.addTo(sums, rows, COLUMNS, count);
    expect(sums).toEqual(wanted);
  }), { numRuns: 150, seed: 2 });
});

test('leaves that no memory of WebAssembly holds are left to the walk of one row at a time', () => {
  const leaves = new Float64Array(2 ** 16);
  const tables = { columns: new Int32Array(0), borders: new Float32Array(0), ends: new Int32Array(2 ** 12), leaves: Array.from({ length: 2 ** 12 }, () => leaves), outputs: 2 ** 16 };
  expect(VectorTrees.of(tables)).toBeUndefined();
});
