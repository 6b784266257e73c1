import fc from 'fast-check';
import { branchingSum, treeSum } from '../../../src/formats/sklearn/tree/tree-sum';
import { type PackableTree, PackedTrees } from '../../../src/formats/sklearn/tree/packed-trees';
import { keyOfBits, singleThreshold, writeDoubleKey, writeDoubleThreshold } from '../../../src/formats/trees/float-keys';
import { kernelLayout } from '../../../src/formats/trees/kernel-layout';
import type { KernelOptions, KernelTree } from '../../../src/formats/trees/kernel-tree';
import { KernelTrees } from '../../../src/formats/trees/kernel-trees';
import { DOUBLE, NARROW, WIDE } from '../../../src/formats/trees/node-form';
import { randomOf } from '../../support/random';

const FEATURES = 3;

const ONE: KernelOptions = { test: 'atMost', values: 'single', answers: 'double', width: 1, sums: 1 };

/** Numbers around which thresholds and values gather, so that they are often equal or neighbours. */
const NUMBERS = [0, -0, 0.1, Math.fround(0.1), -0.1, 1, -1, 1e-46, -1e-46, 3.4028234e38, -3.4028234e38, 1e-40, 7.25];

/** A tree of up to `most` splits, lopsided or not, whose answers are `width` numbers. */
function randomTree(random: () => number, splits: number, width: number): PackableTree {
  const count = 2 * splits + 1;
  const tree = {
    count,
    left: new Int32Array(count).fill(-1),
    right: new Int32Array(count).fill(-1),
    feature: new Int32Array(count).fill(-1),
    threshold: new Float64Array(count),
    missingLeft: Uint8Array.from({ length: count }, () => (random() < 0.5 ? 1 : 0)),
    values: randomAnswers(random, count, width),
  };
  const leaves = [0];
  const deep = random() < 0.5;
  for (let split = 0; split < splits; split++) {
    const [node] = leaves.splice(deep ? leaves.length - 1 : Math.floor(random() * leaves.length), 1) as [number];
    tree.left[node] = 2 * split + 1;
    tree.right[node] = 2 * split + 2;
    tree.feature[node] = Math.floor(random() * FEATURES);
    tree.threshold[node] = random() < 0.05 ? Number.NaN : someNumber(random);
    leaves.push(2 * split + 1, 2 * split + 2);
  }
  return tree;
}

/** Answers of which some are pure: a single 1. */
function randomAnswers(random: () => number, count: number, width: number): Float64Array {
  const values = Float64Array.from({ length: count * width }, () => (random() < 0.3 ? 0 : random() * 3));
  for (let node = 0; node < count; node++) {
    if (width > 1 && random() < 0.5) values.fill(0, node * width, (node + 1) * width)[node * width + Math.floor(random() * width)] = 1;
  }
  return values;
}

function someNumber(random: () => number): number {
  return random() < 0.5 ? (NUMBERS[Math.floor(random() * NUMBERS.length)] as number) : (random() - 0.5) * 2;
}

test('the kernel adds exactly what the walk by branches adds, for one row, a few and many', () => {
  fc.assert(fc.property(fc.nat(), fc.integer({ min: 8, max: 27 }), fc.constantFrom(1, 2, 8, 9, 20), fc.constantFrom(1, 15, 16, 33, 300), (seed, count, width, rows) => {
    const random = randomOf(seed);
    const trees = Array.from({ length: count }, () => randomTree(random, Math.floor(random() * 41), width));
    const data = Float64Array.from({ length: (rows + 1) * FEATURES }, () => (random() < 0.1 ? Number.NaN : someNumber(random)));
    const input = { rows: rows + 1, columns: FEATURES, data };
    const start = Float64Array.from({ length: rows * width }, () => random());
    const wanted = Float64Array.from(start);
    branchingSum(new PackedTrees(trees, width), width)(input, 1, rows + 1, wanted);
    const sums = Float64Array.from(start);
    treeSum(trees.map((tree) => () => tree), { width, columns: width })(input, 1, rows + 1, sums);
    expect(sums).toEqual(wanted);
  }), { numRuns: 150, seed: 7 });
});

test.each([1, 12])('trees add to one sum after the other, as boosting has them: %p rows', (rows) => {
  const random = randomOf(3);
  const trees = Array.from({ length: 12 }, () => randomTree(random, 20, 1));
  const input = { rows, columns: FEATURES, data: Float64Array.from({ length: rows * FEATURES }, () => someNumber(random)) };
  const wanted = new Float64Array(rows * 3);
  branchingSum(new PackedTrees(trees, 1), 3)(input, 0, rows, wanted);
  const sums = new Float64Array(rows * 3);
  treeSum(trees.map((tree) => () => tree), { width: 1, columns: 3 })(input, 0, rows, sums);
  expect(sums).toEqual(wanted);
  expect(new Set(sums).size).toBeGreaterThan(2);
});

test('trees of more nodes than 16 bits count, and rows of more columns, take wider nodes', () => {
  const random = randomOf(4);
  const trees = Array.from({ length: 9 }, (_, index) => randomTree(random, index === 3 ? 70_000 : 5, 1));
  for (const rows of [1, 20]) {
    const input = { rows, columns: FEATURES, data: Float64Array.from({ length: rows * FEATURES }, () => someNumber(random)) };
    const wanted = new Float64Array(rows);
    branchingSum(new PackedTrees(trees, 1), 1)(input, 0, rows, wanted);
    const sums = new Float64Array(rows);
    treeSum(trees.map((tree) => () => tree), { width: 1, columns: 1 })(input, 0, rows, sums);
    expect(sums).toEqual(wanted);
  }
  const sizes = { trees: 9, nodes: 200_000, mostNodes: 65_535, answers: 1e5, columns: 510 };
  expect([sizes, { ...sizes, mostNodes: 65_536 }, { ...sizes, columns: 511 }].map((some) => kernelLayout(some, ONE)?.form)).toEqual([NARROW, WIDE, WIDE]);
  expect(kernelLayout(sizes, { ...ONE, values: 'double' })?.form).toBe(DOUBLE);
});

test('a number has a smaller key than a threshold exactly where it passes the test', () => {
  const single = new Float32Array(1);
  const bits = new Int32Array(single.buffer);
  fc.assert(fc.property(fc.double({ noNaN: true }), fc.float({ noNaN: true }), (threshold, near) => {
    for (const value of [Math.fround(threshold), near, 0, -0, Infinity, -Infinity]) {
      single[0] = value;
      expect(keyOfBits(bits[0] as number) < singleThreshold(threshold, 'atMost')).toBe(value <= threshold);
      expect(keyOfBits(bits[0] as number) < singleThreshold(threshold, 'less')).toBe(value < threshold);
    }
  }), { numRuns: 1000, seed: 5 });
});

test('so it is in double precision', () => {
  const words = new Int32Array(2);
  const key = (): bigint => (BigInt(words[1] as number) << 32n) | BigInt((words[0] as number) >>> 0);
  fc.assert(fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (threshold, near) => {
    for (const value of [threshold, -threshold, near, nextUp(threshold), 0, -0, 5e-324, -5e-324, Infinity, -Infinity]) {
      writeDoubleKey(value, words, 0);
      const ours = key();
      writeDoubleThreshold(threshold, 'atMost', words, 0);
      expect(ours < key()).toBe(value <= threshold);
      writeDoubleThreshold(threshold, 'less', words, 0);
      expect(ours < key()).toBe(value < threshold);
      writeDoubleThreshold(Number.NaN, 'atMost', words, 0);
      expect(ours < key()).toBe(false);
    }
  }), { numRuns: 1000, seed: 5, examples: [[-0, 0], [0, -0], [-5e-324, 0], [Infinity, 1], [-Infinity, 1], [1.7976931348623157e308, 0]] });
});

/** The next larger number of those that are not zero. */
function nextUp(value: number): number {
  const bits = new BigInt64Array(Float64Array.of(value).buffer);
  bits[0] = (bits[0] as bigint) + (value > 0 ? 1n : value < 0 ? -1n : 0n);
  const next = new Float64Array(bits.buffer)[0] as number;
  return Number.isNaN(next) ? value : next;
}

test('what a memory of WebAssembly cannot hold is left to the walk by branches', () => {
  expect(kernelLayout({ trees: 100, nodes: 2 ** 28, mostNodes: 2 ** 22, answers: 2 ** 27, columns: 4 }, ONE)).toBeUndefined();
  expect(KernelTrees.of(Array.from({ length: 2 ** 12 }, () => leaf), { ...ONE, sums: 2 ** 26 })).toBeUndefined();
});

/** A tree of one leaf, which is asked for nothing else. */
const leaf: KernelTree = { root: 0, count: 1, feature: () => -1, left: never, right: never, threshold: never, missing: never, answer: () => undefined };

function never(): never {
  throw new Error('was asked for');
}

test('wide rows come in smaller blocks, never of fewer rows than walk at a time', () => {
  const sizes = { trees: 100, nodes: 1000, mostNodes: 11, answers: 501, columns: 20 };
  expect([20, 4096, 1 << 20].map((columns) => kernelLayout({ ...sizes, columns }, ONE)?.rows)).toEqual([256, 64, 32]);
  expect(kernelLayout(sizes, { ...ONE, sums: 4096, width: 4096 })?.rows).toBe(64);
});
