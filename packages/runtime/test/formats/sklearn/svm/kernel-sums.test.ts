import fc from 'fast-check';
import { KernelSums } from '../../../../src/formats/sklearn/svm/kernel-sums';
import type { KernelSum } from '../../../../src/formats/sklearn/svm/kernel';
import { RadialKernel } from '../../../../src/formats/sklearn/svm/radial-kernel';
import { RadialSums } from '../../../../src/formats/sklearn/svm/radial-sums';
import type { Matrix } from '../../../../src/model/model';
import { WasmProgram } from '../../../../src/formats/web-assembly/program';
import { randomOf } from '../../../support/random';

interface Machine {
  readonly count: number;
  readonly features: number;
  readonly gamma: number;
  /** Runs of each sum: first vector and length. */
  readonly runs: readonly (readonly (readonly [number, number])[])[];
}

const IRIS: Machine = { count: 13, features: 4, gamma: 0.4, runs: [[[0, 5], [5, 8]], [[0, 5], [9, 0]], [[12, 1]]] };

function kernelOf({ count, features, gamma }: Machine, random: () => number): RadialKernel {
  return new RadialKernel({ count, features, values: Float64Array.from({ length: count * features }, () => random() * 8 - 2) }, gamma);
}

function sumsOf({ runs }: Machine, random: () => number): readonly KernelSum[] {
  return runs.map((list) => ({ runs: list.map(([first, length]) => ({ first, coefficients: Float64Array.from({ length }, () => random() * 2 - 1) })), intercept: random() }));
}

function matrixOf(rows: number, features: number, random: () => number, far = 0): Matrix {
  return { rows, columns: features, data: Float64Array.from({ length: rows * features }, () => (random() < far ? 1e3 : random() * 8 - 2)) };
}

function answersOf(sums: KernelSums, input: Matrix): number[][] {
  const answers: number[][] = [];
  sums.each(input, (row, values) => {
    expect(row).toBe(answers.length);
    answers.push([...values]);
  });
  return answers;
}

/** Rows alone never come to the vectors of WebAssembly. */
function answersOneByOne(sums: KernelSums, { rows, columns, data }: Matrix): number[][] {
  return Array.from({ length: rows }, (_, row) => answersOf(sums, { rows: 1, columns, data: data.subarray(row * columns, (row + 1) * columns) })[0] as number[]);
}

test('rows together have the sums of rows alone, to the last bit', () => {
  const machines = fc.record({ count: fc.integer({ min: 1, max: 19 }), features: fc.integer({ min: 1, max: 7 }), gamma: fc.constantFrom(0, 1e-3, 0.3, 2) })
    .chain(({ count, ...rest }) => {
      const run = fc.nat({ max: count - 1 }).chain((first) => fc.tuple(fc.constant(first), fc.integer({ min: 0, max: count - first })));
      return fc.record({ count: fc.constant(count), runs: fc.array(fc.array(run, { maxLength: 3 }), { minLength: 1, maxLength: 4 }) }).map((parts) => ({ ...parts, ...rest }));
    });
  fc.assert(fc.property(fc.nat(), machines, fc.integer({ min: 4, max: 11 }), fc.constantFrom(0, 0.05, 1), (seed, machine, rows, far) => {
    const random = randomOf(seed);
    const kernel = kernelOf(machine, random);
    const sums = sumsOf(machine, random);
    const input = matrixOf(rows, machine.features, random, far);
    const alone = answersOneByOne(new KernelSums(kernel, machine.count, sums), input);
    expect(answersOf(new KernelSums(kernel, machine.count, sums), input)).toEqual(alone);
  }));
});

test('four rows go together, and a row that is too far from a vector is told', () => {
  const random = randomOf(7);
  const sums = RadialSums.of(kernelOf(IRIS, random), sumsOf(IRIS, random));
  const { data } = matrixOf(4, IRIS.features, random);
  expect(sums?.sum(data, 0)).toBe(true);
  for (const far of [60, 1e200, Infinity, Number.NaN]) {
    for (let row = 0; row < 4; row++) {
      const one = data.slice();
      one[row * IRIS.features + 2] = far;
      expect(sums?.sum(one, 0)).toBe(false);
    }
  }
  // What fills up the last four vectors lies at zero, which is nobody's vector.
  const distant = new RadialKernel({ count: 1, features: 1, values: Float64Array.of(1e6) }, 1);
  expect(RadialSums.of(distant, [{ runs: [{ first: 0, coefficients: Float64Array.of(1) }], intercept: 0 }])?.sum(Float64Array.of(1e6, 1e6, 1e6, 1e6), 0)).toBe(true);
});

test('rows alone are answered after the vectors have moved', () => {
  const random = randomOf(11);
  const sums = new KernelSums(kernelOf(IRIS, random), IRIS.count, sumsOf(IRIS, random));
  const input = matrixOf(9, IRIS.features, random);
  const before = answersOneByOne(sums, input);
  expect(answersOf(sums, input)).toEqual(before);
  expect(answersOneByOne(sums, input)).toEqual(before);
});

test('without memory for WebAssembly rows are answered one by one', () => {
  const random = randomOf(3);
  const kernel = kernelOf(IRIS, random);
  const sums = new KernelSums(kernel, IRIS.count, sumsOf(IRIS, random));
  const input = matrixOf(8, IRIS.features, random);
  const alone = answersOneByOne(sums, input);
  const refused = jest.spyOn(WasmProgram.prototype, 'over').mockReturnValue(undefined);
  try {
    expect(answersOf(sums, input)).toEqual(alone);
    expect(answersOf(sums, input)).toEqual(alone);
    expect(refused).toHaveBeenCalledTimes(1);
  } finally {
    refused.mockRestore();
  }
});

test.each([['a gamma below zero', { ...IRIS, gamma: -1 }], ['a gamma that is no number', { ...IRIS, gamma: Number.NaN }]])('%s is not for the program', (_what, machine) => {
  expect(RadialSums.of(kernelOf(machine, randomOf(1)), [])).toBeUndefined();
});
