import fc from 'fast-check';
import { sklearnFormat } from '../../../src/formats/sklearn/sklearn-format';
import type { Matrix, Model } from '../../../src/model/model';
import { forestFile, type HandmadeNode, treeClassifier, treeFile } from '../../support/handmade-models';
import { isvcErrorOf } from '../../support/isvc-error-of';
import { array, dtype, floats, int, list, text } from '../../support/pickle-writer';

const LEAF: HandmadeNode = { left: -1, right: -1 };
/** `x0 <= 0.1` is class 0, everything else class 1. */
const STUMP = { nodes: [{ left: 1, right: 2, feature: 0, threshold: 0.1 }, LEAF, LEAF], values: [0.5, 0.5, 1, 0, 0, 1] };

function load(bytes: Buffer): Model {
  return sklearnFormat.parse(bytes, 'tree.pkl');
}

function row(...values: readonly number[]): Matrix {
  return { rows: 1, columns: values.length, data: Float64Array.from(values) };
}

test.each<readonly [what: string, nodes: readonly HandmadeNode[], message: RegExp]>([
  ['a node that is its own child', [{ left: 0, right: 1, feature: 0 }, LEAF, LEAF], /node 0 of 3 has the children 0 and 1, which are not behind it/],
  ['a child in front of its parent', [{ left: 1, right: 2, feature: 0 }, LEAF, { left: 1, right: 0, feature: 0 }], /node 2 of 3 has the children 1 and 0/],
  ['a child behind the last node', [{ left: 1, right: 3, feature: 0 }, LEAF, LEAF], /children 1 and 3/],
  ['a child that is no 32-bit number', [{ left: 1, right: 2 ** 40, feature: 0 }, LEAF, LEAF], /children 1 and 1099511627776/],
  ['a node with one child', [{ left: 1, right: -1, feature: 0 }, LEAF, LEAF], /children 1 and -1/],
  ['two parents of one child', [{ left: 1, right: 2, feature: 0 }, { left: 2, right: 3, feature: 0 }, LEAF, LEAF], /two parents/],
  ['the same child on both sides', [{ left: 1, right: 1, feature: 0 }, LEAF, LEAF], /two parents/],
  ['a feature that does not exist', [{ left: 1, right: 2, feature: 2 }, LEAF, LEAF], /compares feature 2 of 2/],
  ['a negative feature', [{ left: 1, right: 2, feature: -2 }, LEAF, LEAF], /compares feature -2 of 2/],
])('%s is corrupt', (_what, nodes, message) => {
  const error = isvcErrorOf(() => load(treeFile({ nodes, values: nodes.flatMap(() => [1, 0]) })));
  expect(error.code).toBe('ISVC_MODEL_CORRUPT');
  expect(error.message).toMatch(message);
});

test.each([
  ['no nodes', { nodes: [], values: [] }, /no nodes/],
  ['a value that is not a number', { ...STUMP, values: [0.5, 0.5, NaN, 0, 0, 1] }, /not all finite/],
  ['a negative value', { ...STUMP, values: [0.5, 0.5, -1, 0, 0, 1] }, /not all finite/],
  ['values of three classes for two', { ...STUMP, values: Array.from({ length: 9 }, () => 1), classes: 3, attributes: { n_classes_: int(2) } }, /n_classes_ must be an integer from 3 to 3, is 2/],
  ['no features', { ...STUMP, features: 0 }, /n_features_in_ must be an integer from 1/],
  ['a tree that is none', { ...STUMP, attributes: { tree_: int(1) } }, /tree_ is not a tree/],
])('a tree with %s is corrupt', (_what, tree, message) => {
  const error = isvcErrorOf(() => load(treeFile(tree)));
  expect(error.code).toBe('ISVC_MODEL_CORRUPT');
  expect(error.message).toMatch(message);
});

test.each([
  ['the single just below the threshold', 0.09999999403953552, 0],
  ['the single just above the threshold', Math.fround(0.1), 1],
  // Equal to the threshold as a double, but cast to the single above it before it is compared.
  ['the threshold itself', 0.1, 1],
  ['a double that is cast to the single below', 0.0999999945, 0],
])('inputs are compared in single precision: %s (%p) is class %p', (_what, value, label) => {
  expect(load(treeFile(STUMP)).predict(row(value, 0)).data[0]).toBe(label);
});

test('infinity is refused, also by a tree that takes missing values', () => {
  expect(isvcErrorOf(() => load(treeFile(STUMP)).predict(row(-Infinity, 0))).code).toBe('ISVC_INPUT_INVALID');
});

test('any threshold divides single-precision inputs as it does in double precision', () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.float({ noNaN: true, noDefaultInfinity: true }), (threshold, near) => {
    const tree = load(treeFile({ ...STUMP, nodes: [{ left: 1, right: 2, feature: 0, threshold }, LEAF, LEAF] }));
    for (const value of [Math.fround(threshold), near, 0, -0]) {
      if (Number.isFinite(value)) expect(tree.predict(row(value, 0)).data[0]).toBe(value <= threshold ? 0 : 1);
    }
  }), { numRuns: 300, seed: 11 });
});

test('a missing value goes where the node says, in a tree that takes missing values', () => {
  const to = (missingLeft: boolean): Model => load(treeFile({ ...STUMP, nodes: [{ left: 1, right: 2, feature: 0, threshold: 0, missingLeft }, LEAF, LEAF] }));
  expect(to(true).predict(row(NaN, 0)).data[0]).toBe(0);
  expect(to(false).predict(row(NaN, 0)).data[0]).toBe(1);
});

test('missing values are taken from 1.6 on by trees of random thresholds too', () => {
  const tree = load(treeFile({ ...STUMP, attributes: { splitter: text('random'), _sklearn_version: text('1.6.0') } }));
  expect(tree.predict(row(NaN, 0)).data).toHaveLength(1);
});

test.each([
  ['of random thresholds before 1.6', { splitter: text('random') }],
  ['of scikit-learn before 1.3', { _sklearn_version: text('1.2.2') }],
  ['with monotonic constraints', { monotonic_cst: list(int(1)) }],
  ['with an unknown criterion', { criterion: text('other') }],
])('a tree %s refuses missing values', (_what, attributes) => {
  const tree = load(treeFile({ ...STUMP, attributes }));
  expect(isvcErrorOf(() => tree.predict(row(NaN, 0))).message).toBe('row 0, column 0 is NaN, where DecisionTreeClassifier expects a finite number');
});

describe('a forest', () => {
  test('decides by the mean, the first class of equals', () => {
    const opposite = { ...STUMP, values: [0.5, 0.5, 0, 1, 1, 0] };
    const forest = load(forestFile([treeClassifier(STUMP), treeClassifier(opposite)]));
    expect(Array.from(forest.predict(row(5, 5), { method: 'predict_proba' }).data as Float64Array)).toEqual([0.5, 0.5]);
    expect(forest.predict(row(5, 5)).data[0]).toBe(0);
  });

  test('gives the same answers in a large batch as row by row', () => {
    const forest = load(forestFile([treeClassifier(STUMP), treeClassifier({ ...STUMP, nodes: [{ left: 1, right: 2, feature: 1, threshold: 7 }, LEAF, LEAF] }), treeClassifier(STUMP)]));
    const rows = 1000;
    const data = Float64Array.from({ length: rows * 2 }, (_, index) => (index * 7919) % 23 - 11);
    const together = forest.predict({ rows, columns: 2, data });
    const probabilities = forest.predict({ rows, columns: 2, data }, { method: 'predict_proba' });
    for (let index = 0; index < rows; index++) {
      const one = row(data[index * 2] as number, data[index * 2 + 1] as number);
      expect(together.data[index]).toBe(forest.predict(one).data[0]);
      expect(forest.predict(one, { method: 'predict_proba' }).data).toEqual((probabilities.data as Float64Array).subarray(index * 2, index * 2 + 2));
    }
  });

  test.each([
    ['without trees', [], /estimators_ is empty/],
    ['with something else among its trees', [int(1)], /estimators_ is not a list of objects/],
    ['with a tree of other classes', [treeClassifier({ ...STUMP, classes: 3, values: Array.from({ length: 9 }, () => 1) })], /must have the shape \(3, 1, 2\), have \(3, 1, 3\)/],
    ['with a tree that compares a feature the forest lacks', [treeClassifier({ ...STUMP, features: 9, nodes: [{ left: 1, right: 2, feature: 8 }, LEAF, LEAF] })], /compares feature 8 of 2/],
  ])('%s is corrupt', (_what, trees, message) => {
    const error = isvcErrorOf(() => load(forestFile(trees)));
    expect([error.code, error.message]).toEqual(['ISVC_MODEL_CORRUPT', expect.stringMatching(message)]);
  });

  test('that names one tree a hundred thousand times does not fill the memory', () => {
    const deep = { nodes: Array.from({ length: 2001 }, (_, index) => (index % 2 === 0 && index < 2000 ? { left: index + 1, right: index + 2, feature: 0, threshold: index } : LEAF)), values: Array.from({ length: 4002 }, () => 0.5) };
    const once = Buffer.concat([treeClassifier(deep), Buffer.of(0x71, 9)]);
    const again = Array.from({ length: 100_000 }, () => Buffer.of(0x68, 9));
    const error = isvcErrorOf(() => load(forestFile([once, ...again])));
    expect([error.code, error.message]).toEqual(['ISVC_MODEL_CORRUPT', expect.stringContaining('share the same arrays')]);
  });

  test('of scikit-learn before 1.4 refuses missing values although its trees take them', () => {
    const forest = load(forestFile([treeClassifier(STUMP)], { _sklearn_version: text('1.3.2') }));
    expect(isvcErrorOf(() => forest.predict(row(NaN, 0))).code).toBe('ISVC_INPUT_INVALID');
    expect(load(forestFile([treeClassifier(STUMP)])).predict(row(NaN, 0)).data).toHaveLength(1);
  });

  test('refuses what single precision cannot hold, by row and column', () => {
    const forest = load(forestFile([treeClassifier(STUMP)]));
    expect(forest.predict(row(3.4028235e38, 0)).data[0]).toBe(1);
    const error = isvcErrorOf(() => forest.predict({ rows: 2, columns: 2, data: Float64Array.of(0, 0, 0, 3.5e38) }));
    expect([error.code, error.message]).toEqual(['ISVC_INPUT_INVALID', expect.stringContaining('row 1, column 1 is 3.5e+38, too large for single precision')]);
  });
});

describe('column names', () => {
  const names = (width: number, text32: string): Record<string, Buffer> => ({
    feature_names_in_: array(dtype('U1', '<', 4), [width], Buffer.from(text32)),
  });

  test('are kept', () => {
    expect(load(treeFile({ ...STUMP, attributes: names(2, 'a\0\0\0b\0\0\0') })).featureNames).toEqual(['a', 'b']);
    expect(load(treeFile(STUMP)).featureNames).toBeUndefined();
  });

  test.each([
    ['of another number', names(1, 'a\0\0\0')],
    ['that are numbers', { feature_names_in_: floats([2], [0, 1]) }],
  ])('%s are corrupt', (_what, attributes) => {
    expect(isvcErrorOf(() => load(treeFile({ ...STUMP, attributes }))).message).toMatch(/feature_names_in_ must be 2 names/);
  });
});
