import { lightgbmFormat } from '../../../src/formats/lightgbm/lightgbm-format';
import type { Model } from '../../../src/model/model';
import { isvcErrorOf } from '../../support/isvc-error-of';

const HEADER = {
  tree: '',
  version: 'v4',
  num_class: '1',
  num_tree_per_iteration: '1',
  max_feature_idx: '1',
  objective: 'regression',
  feature_names: 'Column_0 Column_1',
};

/** Node 0 compares feature 0 with 2, its left child (1) feature 1 with 5; the leaves answer 10, 20, 30. Missing values are NaN and go left. */
const TREE = {
  num_leaves: '3',
  num_cat: '0',
  split_feature: '0 1',
  threshold: '2 5',
  decision_type: '10 10',
  left_child: '1 -1',
  right_child: '-3 -2',
  leaf_value: '10 20 30',
  is_linear: '0',
};

type Lines = Readonly<Record<string, string | undefined>>;

function block(lines: Lines): string {
  return Object.entries(lines).filter(([, value]) => value !== undefined).map(([key, value]) => (value === '' ? key : `${key}=${value}`)).join('\n');
}

function modelText(header: Lines = {}, ...trees: readonly Lines[]): string {
  const blocks = (trees.length > 0 ? trees : [{}]).map((tree, index) => `Tree=${index}\n${block({ ...TREE, ...tree })}`);
  return `${block({ ...HEADER, ...header })}\n\n${blocks.join('\n\n\n')}\n\n\nend of trees\n\nparameters:\n[x: 1]\n`;
}

function load(header?: Lines, ...trees: readonly Lines[]): Model {
  return lightgbmFormat.parse(Buffer.from(modelText(header, ...trees)), 'model.bst');
}

function answers(model: Model, ...rows: readonly (readonly number[])[]): number[] {
  const output = model.predict({ rows: rows.length, columns: 2, data: Float64Array.from(rows.flat()) });
  return Array.from(output.data as ArrayLike<number>);
}

test('a handmade tree goes left up to and at a threshold', () => {
  expect(answers(load(), [2, 5], [2, 5.000000001], [2.000000001, 0], [NaN, 5], [NaN, NaN])).toEqual([10, 20, 30, 10, 10]);
});

/** `decision_type`: 2 is default left, 4 and 8 are what counts as missing (zero, NaN). */
test.each<readonly [what: string, decision: string, values: readonly number[], answered: readonly number[]]>([
  ['nothing is missing: NaN is zero', '0 0', [NaN, 0, 1e-40, 3], [10, 10, 10, 30]],
  ['nothing is missing, with a default that does not matter', '2 2', [NaN, 3], [10, 30]],
  ['zero is missing and goes right', '4 0', [NaN, 0, 1e-36, -1e-36, 1e-34, 1], [30, 30, 30, 30, 10, 10]],
  ['zero is missing and goes left', '6 0', [NaN, 0, 3], [10, 10, 30]],
  ['NaN is missing and goes right', '8 0', [NaN, 0, 3], [30, 10, 30]],
  ['NaN is missing and goes left', '10 0', [NaN, 0, 3], [10, 10, 30]],
])('%s', (_what, decision, values, answered) => {
  expect(answers(load({}, { decision_type: decision }), ...values.map((value) => [value, 0]))).toEqual(answered);
});

test('tiny values are zero for a threshold, too, as LightGBM drops them before its trees', () => {
  const zero = Math.fround(1e-35);
  const below = load({}, { threshold: `${-zero} 5` });
  expect(answers(below, [-zero, 0], [-zero * 1.0000001, 0], [0, 0])).toEqual([30, 10, 30]);
  const above = load({}, { threshold: `${1e-40} 5` });
  expect(answers(above, [zero, 0], [zero * 1.0000001, 0], [-1, 0])).toEqual([10, 30, 10]);
});

test('categories are looked up in a set, and what is no category goes right', () => {
  const model = load({}, { num_cat: '1', decision_type: '1 10', threshold: '0 5', cat_boundaries: '0 2', cat_threshold: `${1 << 3} ${1 << 2}` });
  expect(answers(model, ...[3, 3.9, 34, 2, 35, 64, -1, -0.5, NaN, Infinity, 2 ** 31, 2 ** 32 + 3].map((value) => [value, 0]))).toEqual([10, 10, 10, 30, 30, 30, 30, 30, 30, 30, 30, 30]);
});

test('a linear leaf answers its line, and its constant where a value is missing', () => {
  const model = load({}, { is_linear: '1', leaf_const: '1 2 3', num_features: '1 0 2', leaf_features: '1   0 1 ', leaf_coeff: '0.5   1 10 ' });
  expect(answers(model, [0, 4], [0, 6], [3, 7], [3, NaN])).toEqual([3, 2, 76, 30]);
});

test('trees are added up, those of several outputs each to its own, and averaged where the file says so', () => {
  const half = { leaf_value: '1 2 3' };
  expect(answers(load({}, {}, half), [0, 0])).toEqual([11]);
  expect(answers(load({ average_output: '' }, {}, half), [0, 0])).toEqual([5.5]);
  const two = load({ num_class: '2', num_tree_per_iteration: '2', objective: 'none' }, {}, half);
  expect(two.predict({ rows: 1, columns: 2, data: new Float64Array(2) })).toMatchObject({ shape: [1, 2], data: Float64Array.of(10, 1) });
});

test.each<readonly [objective: string | undefined, of: (raw: number) => number]>([
  ['binary sigmoid:0.1', (raw) => 1 / (1 + Math.exp(-0.1 * raw))],
  ['regression sqrt', (raw) => raw * raw],
  ['poisson', Math.exp],
  ['cross_entropy_lambda', (raw) => Math.log1p(Math.exp(raw))],
  ['lambdarank', (raw) => raw],
  [undefined, (raw) => raw],
  ['custom', (raw) => raw],
])('the objective %p has its transform', (objective, of) => {
  expect(answers(load({ objective }), [0, 0])).toEqual([of(10)]);
});

test('a file with Windows line ends and without an empty line between trees is read', () => {
  const text = modelText().replace(/\n\n+/g, '\n').replaceAll('\n', '\r\n');
  expect(answers(lightgbmFormat.parse(Buffer.from(text), 'model.txt'), [0, 0])).toEqual([10]);
});

const CORRUPT: readonly (readonly [what: string, header: Lines, tree: Lines, message: RegExp])[] = [
  ['a node that is its own child', {}, { left_child: '0 -1' }, /tree 0 : node 0 has two parents/],
  ['a cycle', {}, { right_child: '-3 0' }, /two parents/],
  ['a leaf of two parents', {}, { right_child: '-3 -1' }, /two parents/],
  ['a child beyond the nodes', {}, { left_child: '2 -1' }, /node 0 of 5 has the children 9007199254740991/],
  ['a leaf beyond the leaves', {}, { right_child: '-4 -2' }, /has the children 1 and 9007199254740991/],
  ['a feature beyond the features', {}, { split_feature: '0 2' }, /node 1 compares feature 2 of 2/],
  ['a negative feature', {}, { split_feature: '-1 1' }, /compares feature -1/],
  ['a fraction of a feature', {}, { split_feature: '0.5 1' }, /compares feature 0\.5/],
  ['a million leaves that are not there', {}, { num_leaves: '1000000' }, /leaf_value must have 1000000 numbers, has 3/],
  ['more leaves than there can be', {}, { num_leaves: '999999999999' }, /num_leaves must be an integer from 1 to 16777216/],
  ['a threshold that is text', {}, { threshold: 'a 5' }, /threshold holds "a", not a number/],
  ['a threshold named like a property of every object', {}, { threshold: 'constructor 5' }, /holds "constructor"/],
  ['no leaf values', {}, { leaf_value: undefined }, /tree 0 has no leaf_value/],
  ['an unknown kind of decision', {}, { decision_type: '256 2' }, /decision_type 256/],
  ['a category set that is not there', {}, { decision_type: '1 2', threshold: '0 5' }, /node 0 has set 0 of 0/],
  ['the set behind the last', {}, { decision_type: '1 2', threshold: '1 5', num_cat: '1', cat_boundaries: '0 1', cat_threshold: '1' }, /node 0 has set 1 of 1/],
  ['sets that run backwards', {}, { num_cat: '2', cat_boundaries: '0 2 1', cat_threshold: '1 1' }, /cat_boundaries from 2 to 1/],
  ['sets beyond their words', {}, { num_cat: '1', cat_boundaries: '0 9', cat_threshold: '1' }, /cat_boundaries from 0 to 9 of 1/],
  ['a line over features there are not', {}, { is_linear: '1', leaf_const: '1 2 3', num_features: '1 0 0', leaf_features: '2', leaf_coeff: '1' }, /a leaf feature outside the 2/],
  ['lines longer than their features', {}, { is_linear: '1', leaf_const: '1 2 3', num_features: '1 1 1', leaf_features: '0', leaf_coeff: '1' }, /1 leaf_features, num_features makes it/],
  ['a billion outputs', { num_tree_per_iteration: '1000000000' }, {}, /num_tree_per_iteration must be an integer from 1 to 16384/],
  ['trees that are no whole rounds', { num_tree_per_iteration: '2' }, {}, /1 trees, which is no multiple/],
  ['a billion features', { max_feature_idx: '1000000000' }, {}, /max_feature_idx must be/],
  ['names of other features', { feature_names: 'a' }, {}, /1 feature_names for 2 features/],
  ['a name twice', { feature_names: 'a a' }, {}, /a feature name twice/],
  ['a slope of zero', { objective: 'binary sigmoid:0' }, {}, /sigmoid is not a positive number/],
  ['no slope', { objective: 'binary' }, {}, /sigmoid is not a positive number/],
];

test.each(CORRUPT)('%s is corrupt', (_what, header, tree, message) => {
  const error = isvcErrorOf(() => load(header, tree));
  expect([error.code, error.path]).toEqual(['ISVC_MODEL_CORRUPT', 'model.bst']);
  expect(error.message).toMatch(message);
});

test('a file that ends before its trees do is corrupt', () => {
  const text = modelText();
  const error = isvcErrorOf(() => lightgbmFormat.parse(Buffer.from(text.slice(0, text.indexOf('end of trees'))), 'model.bst'));
  expect(error.message).toMatch(/1 trees are not followed by "end of trees": the file is cut short/);
});

test('an average of no trees is corrupt', () => {
  const text = modelText({ average_output: '' }).replace(/Tree=0[^]*?\n\n\n/, '');
  expect(isvcErrorOf(() => lightgbmFormat.parse(Buffer.from(text), 'model.bst')).message).toMatch(/average of no trees/);
});

test('an unknown objective is unsupported', () => {
  expect(isvcErrorOf(() => load({ objective: 'focal' }))).toMatchObject({ code: 'ISVC_MODEL_UNSUPPORTED', message: expect.stringMatching(/"focal".* supported are .*binary/) as string });
});
