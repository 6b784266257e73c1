import fc from 'fast-check';
import { PackedTrees as LightgbmTrees } from '../../../src/formats/lightgbm/packed-trees';
import type { RawTree as LightgbmTree } from '../../../src/formats/lightgbm/read-tree';
import type { RawTree as XgboostTree } from '../../../src/formats/xgboost/ensemble';
import { PackedTrees as XgboostTrees } from '../../../src/formats/xgboost/packed-trees';
import { randomOf } from '../../support/random';

const FEATURES = 4;
const TREES = 11;
const OUTPUTS = 3;
const NUMBERS = [0, -0, 0.5, Math.fround(0.1), 0.1, -2, 1e-36, -1e-36, 1e-45, 3.4e38, Infinity, -Infinity];

function someNumber(random: () => number): number {
  return random() < 0.6 ? (NUMBERS[Math.floor(random() * NUMBERS.length)] as number) : (random() - 0.5) * 2;
}

/** Rows with missing values. */
function someRows(random: () => number, rows: number): Float64Array {
  return Float64Array.from({ length: rows * FEATURES }, () => (random() < 0.15 ? Number.NaN : someNumber(random)));
}

/** Children of a tree of so many splits, the inner nodes in front; `leaf` numbers one. */
function children(random: () => number, splits: number): { readonly left: Int32Array; readonly right: Int32Array } {
  const count = 2 * splits + 1;
  const left = new Int32Array(count).fill(-1);
  const right = new Int32Array(count).fill(-1);
  // Places where a node may hang: the parent, and whether it is the left one.
  const free: [number, boolean][] = [];
  for (let node = 0; node < count; node++) {
    if (node > 0) {
      const [parent, isLeft] = free.splice(Math.floor(random() * free.length), 1)[0] as [number, boolean];
      (isLeft ? left : right)[parent] = node;
    }
    if (node < splits) free.push([node, true], [node, false]);
  }
  return { left, right };
}

const anyCase = fc.tuple(fc.nat(), fc.constantFrom(1, 5, 20, 40));

test('the kernel adds what the walk of XGBoost trees adds, missing values included', () => {
  fc.assert(fc.property(anyCase, ([seed, rows]) => {
    const random = randomOf(seed);
    const trees = Array.from({ length: TREES }, (): XgboostTree => {
      const links = children(random, Math.floor(random() * 20));
      const count = links.left.length;
      return {
        ...links,
        feature: Array.from({ length: count }, () => Math.floor(random() * FEATURES)),
        condition: Array.from({ length: count }, () => (random() < 0.05 ? Number.NaN : someNumber(random))).map((value, node) => ((links.left[node] as number) < 0 ? random() : value)),
        defaultLeft: Array.from({ length: count }, () => (random() < 0.5 ? 1 : 0)),
      };
    });
    const packed = new XgboostTrees(FEATURES, trees.reduce((sum, tree) => sum + tree.left.length, 0));
    for (const tree of trees) expect(packed.add(tree)).toBeUndefined();
    const targets = Int32Array.from(trees, (_, tree) => (tree * 2) % OUTPUTS);
    const values = Float32Array.from(someRows(random, rows));
    const wanted = new Float32Array(rows * OUTPUTS).fill(0.5);
    trees.forEach((_, tree) => packed.addAnswers(tree, values, FEATURES, rows, wanted, OUTPUTS, targets[tree] as number, false));
    const sums = new Float32Array(rows * OUTPUTS).fill(0.5);
    packed.kernel(targets, OUTPUTS)?.add(values, FEATURES, 0, rows, sums);
    expect(sums).toEqual(wanted);
  }), { numRuns: 200, seed: 3 });
});

test('the kernel adds what the walk of LightGBM trees adds, in double precision, however nodes treat missing values', () => {
  fc.assert(fc.property(anyCase, ([seed, rows]) => {
    const random = randomOf(seed);
    const trees = Array.from({ length: TREES }, (): LightgbmTree => {
      const inner = Math.floor(random() * 20);
      const each = (make: () => number): Float64Array => Float64Array.from({ length: inner }, make);
      return {
        ...children(random, inner),
        inner,
        feature: each(() => Math.floor(random() * FEATURES)),
        threshold: each(() => someNumber(random)),
        // Missing values are none or NaN, and go left or right.
        decision: each(() => [0, 2, 8, 10][Math.floor(random() * 4)] as number),
        leafValue: Float64Array.from({ length: inner + 1 }, random),
      };
    });
    const packed = new LightgbmTrees(trees, FEATURES, (_, problem) => {
      throw new Error(problem);
    });
    const data = someRows(random, rows);
    const wanted = new Float64Array(rows * OUTPUTS);
    trees.forEach((_, tree) => packed.addAnswers(tree, data, 0, rows, wanted, OUTPUTS, tree % OUTPUTS, false));
    const sums = new Float64Array(rows * OUTPUTS);
    packed.kernel(OUTPUTS)?.add(data, FEATURES, 0, rows, sums);
    expect(sums).toEqual(wanted);
  }), { numRuns: 200, seed: 3 });
});
