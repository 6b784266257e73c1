import { catboostFormat } from '../../../src/formats/catboost/catboost-format';
import type { Model } from '../../../src/model/model';
import { boostingBytes } from '../../support/boosting-fixtures';
import { isvcErrorOf } from '../../support/isvc-error-of';

interface Tree {
  left?: Tree;
  right?: Tree;
  split?: unknown;
  value?: unknown;
}

function feature(index: number): Record<string, unknown> {
  return { borders: [], feature_id: '', feature_index: index, flat_feature_index: index, has_nans: false, nan_value_treatment: 'AsIs' };
}

function split(index: number, border: number): Record<string, unknown> {
  return { border, float_feature_index: index, split_type: 'FloatFeature' };
}

/** Two features; the answer is 1 where the first is over 2, plus 2 where the second is over 5. */
function smallCatboost() {
  return {
    features_info: { float_features: [feature(0), feature(1)] } as Record<string, unknown>,
    model_info: { params: { loss_function: { type: 'RMSE' } } as unknown, class_params: undefined as unknown },
    oblivious_trees: [{ splits: [split(0, 2), split(1, 5)] as unknown, leaf_values: [0, 1, 2, 3] }] as { splits: unknown; leaf_values: unknown }[] | undefined,
    trees: undefined as Tree[] | undefined,
    scale_and_bias: [1, [0]] as unknown,
  };
}

type Change = (document: ReturnType<typeof smallCatboost>) => void;

function load(change: Change = () => {}): Model {
  const document = smallCatboost();
  change(document);
  return catboostFormat.parse(Buffer.from(JSON.stringify(document)), 'model.json');
}

function answers(model: Model, ...rows: readonly (readonly number[])[]): unknown[] {
  return Array.from(model.predict({ rows: rows.length, columns: 2, data: Float64Array.from(rows.flat()) }).data as ArrayLike<unknown>);
}

test('a handmade tree compares in single precision, and a missing value is not over any border', () => {
  expect(answers(load(), [2, 5], [2.1, 5], [2, 5.1], [3, 6], [2.00000001, NaN])).toEqual([0, 1, 2, 3, 0]);
});

test('a feature can have missing values over every border', () => {
  const model = load((document) => { document.features_info.float_features = [feature(0), { ...feature(1), nan_value_treatment: 'AsTrue' }]; });
  expect(answers(model, [0, NaN], [NaN, 0])).toEqual([2, 0]);
});

test('sums are scaled and shifted', () => {
  expect(answers(load((document) => { document.scale_and_bias = [2, [0.5]]; }), [3, 6])).toEqual([6.5]);
  expect(answers(load((document) => { document.scale_and_bias = [2, 0.5]; }), [3, 6])).toEqual([6.5]);
});

test('the parameters of the training may be a document of their own', () => {
  expect(answers(load((document) => { document.model_info.params = '{"loss_function":{"type":"Poisson"}}'; }), [3, 6])).toEqual([Math.exp(3)]);
});

test('a tree that branches goes right over its border, however deep', () => {
  let root: Tree = { value: 7 };
  for (let depth = 0; depth < 3000; depth++) root = { left: { value: -depth }, right: root, split: split(0, 2) };
  const model = load((document) => { document.trees = [root]; document.oblivious_trees = undefined; });
  expect(answers(model, [3, 0], [2, 0])).toEqual([7, -2999]);
});

test.each([
  ['Integer', [3, 5], [5, 3]],
  ['Float', [0.5, 1.5], [1.5, 0.5]],
  ['String', ['no', 'yes'], ['yes', 'no']],
  ['Boolean', [false, true], [1, 0]],
])('labels of the type %s are kept', (type, names, answered) => {
  const model = load((document) => {
    document.model_info = { params: { loss_function: { type: 'Logloss' } }, class_params: { class_label_type: type, class_names: names } };
    document.scale_and_bias = [1, [-1]];
  });
  expect(answers(model, [3, 6], [2, 5])).toEqual(answered);
});

const CORRUPT: readonly (readonly [what: string, change: Change, message: RegExp])[] = [
  ['a tree of too few leaves', (d) => { d.oblivious_trees = [{ splits: [split(0, 2)], leaf_values: [1] }]; }, /leaf_values has 1 numbers, 2 are needed/],
  ['a tree deeper than its memory', (d) => { d.oblivious_trees = [{ splits: new Array(40).fill(split(0, 2)), leaf_values: [1] }]; }, /is 40 deep/],
  ['a feature beyond the features', (d) => { d.oblivious_trees = [{ splits: [split(2, 2)], leaf_values: [1, 2] }]; }, /float_feature_index must be an integer from 0 to 1, is 2/],
  ['a negative feature', (d) => { d.oblivious_trees = [{ splits: [split(-1, 2)], leaf_values: [1, 2] }]; }, /is -1/],
  ['a border that is text', (d) => { d.oblivious_trees = [{ splits: [{ ...split(0, 2), border: 'x' }], leaf_values: [1, 2] }]; }, /border is "x", not a number/],
  ['no trees', (d) => { d.oblivious_trees = undefined; }, /has no oblivious_trees/],
  ['a branch without an end', (d) => { d.trees = [{ left: { value: 1 }, split: split(0, 2) }]; }, /trees\[0\] has no right/],
  ['a leaf of several numbers', (d) => { d.trees = [{ value: [1, 2] }]; }, /value has 2 numbers, 1 are needed/],
  ['a column that is two features', (d) => { d.features_info.float_features = [feature(0), { ...feature(1), flat_feature_index: 0 }]; }, /occurs twice/],
  ['a column beyond what a request carries', (d) => { d.features_info.float_features = [{ ...feature(0), flat_feature_index: 2 ** 31 }]; }, /flat_feature_index must be an integer/],
  ['a feature out of order', (d) => { d.features_info.float_features = [feature(1)]; }, /has the index 1 at position 0/],
  ['no features', (d) => { d.features_info.float_features = []; }, /has no features/],
  ['no bias', (d) => { d.scale_and_bias = [1]; }, /not a scale and a bias/],
  ['a million outputs', (d) => { d.scale_and_bias = [1, new Array(20_000).fill(0)]; }, /has 20000 numbers; from 1 to 16384/],
  ['two scores for two classes', (d) => { d.model_info.params = { loss_function: { type: 'Logloss' } }; d.scale_and_bias = [1, [0, 0]]; d.oblivious_trees = []; }, /has 2 scores for two classes/],
  ['names of other classes', (d) => { d.model_info = { params: { loss_function: { type: 'Logloss' } }, class_params: { class_label_type: 'Integer', class_names: [1, 2, 3] } }; }, /has 3 classes where the trees have 2/],
  ['parameters that are no document', (d) => { d.model_info.params = '{'; }, /params is no JSON/],
];

test.each(CORRUPT)('%s is corrupt', (_what, change, message) => {
  const error = isvcErrorOf(() => load(change));
  expect([error.code, error.path]).toEqual(['ISVC_MODEL_CORRUPT', 'model.json']);
  expect(error.message).toMatch(message);
});

test.each<readonly [what: string, bytes: () => Buffer, message: RegExp, hint: RegExp]>([
  ['categorical features', () => boostingBytes('catboost', 'refused-categorical.json'), /has categorical_features; only numeric features/, /encode categories as numbers/],
  ['the binary format', () => boostingBytes('catboost', 'refused-binary.cbm'), /is CatBoost's binary format/, /format='json'/],
])('%s are refused with the way out', (_what, bytes, message, hint) => {
  const error = isvcErrorOf(() => catboostFormat.parse(bytes(), 'model.json'));
  expect(error.code).toBe('ISVC_MODEL_UNSUPPORTED');
  expect([error.message, error.hint]).toEqual([expect.stringMatching(message), expect.stringMatching(hint)]);
});

test.each<readonly [what: string, change: Change, message: RegExp]>([
  ['a split over a statistic of categories', (d) => { d.oblivious_trees = [{ splits: [{ ...split(0, 2), split_type: 'OnlineCtr' }], leaf_values: [1, 2] }]; }, /splits of type "OnlineCtr"/],
  ['an unknown loss function', (d) => { d.model_info.params = { loss_function: { type: 'RMSEWithUncertainty' } }; }, /"RMSEWithUncertainty".*supported are Logloss/],
])('%s is unsupported', (_what, change, message) => {
  expect(isvcErrorOf(() => load(change))).toMatchObject({ code: 'ISVC_MODEL_UNSUPPORTED', message: expect.stringMatching(message) as string });
});
