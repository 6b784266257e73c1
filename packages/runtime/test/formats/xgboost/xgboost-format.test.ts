import type { ErrorCode } from 'cdk8s-kserve/api';
import { xgboostFormat } from '../../../src/formats/xgboost/xgboost-format';
import type { Model } from '../../../src/model/model';
import { boostingBytes } from '../../support/boosting-fixtures';
import { isvcErrorOf } from '../../support/isvc-error-of';
import { encode } from '../../support/ubjson-writer';
import { smallTree, smallXgboost, type XgboostDocument } from '../../support/xgboost-document';

type Change = (document: XgboostDocument) => void;

function bytesOf(change: Change = () => {}): Buffer {
  const document = smallXgboost();
  change(document);
  return Buffer.from(JSON.stringify(document));
}

function answers(model: Model, ...rows: readonly (readonly number[])[]): number[] {
  const output = model.predict({ rows: rows.length, columns: 2, data: Float64Array.from(rows.flat()) });
  return Array.from(output.data as ArrayLike<number>);
}

function load(change?: Change): Model {
  return xgboostFormat.parse(bytesOf(change), 'model.json');
}

const tree = (document: XgboostDocument): ReturnType<typeof smallTree> => document.learner.gradient_booster.model.trees[0] as ReturnType<typeof smallTree>;

test('a handmade tree goes left below a threshold, right at it, and where it is told for a missing value', () => {
  expect(answers(load(), [1, 4], [1, 5], [2, 4], [NaN, 4], [NaN, NaN], [1.9999999999, 0])).toEqual([10.5, 20.5, 30.5, 10.5, 20.5, 30.5]);
});

test('JSON and UBJSON of one model are one model', () => {
  const ubjson = xgboostFormat.parse(encode(smallXgboost()), 'model.ubj');
  expect(answers(ubjson, [1, 4], [1, 5], [2, 4])).toEqual(answers(load(), [1, 4], [1, 5], [2, 4]));
});

test.each<readonly [score: unknown, margin: number]>([['5E-1', 0.5], ['[5E-1]', 0.5], ['[2.5e0 ]', 2.5], [1.5, 1.5], [[1.5], 1.5], ['-1', -1]])('base_score %p is %p', (score, margin) => {
  expect(answers(load((document) => { document.learner.learner_model_param.base_score = score; }), [1, 4])).toEqual([10 + margin]);
});

test('a tree in a chain of a hundred thousand nodes is walked without recursion', () => {
  const depth = 100_000;
  const model = load((document) => {
    const nodes = Array.from({ length: 2 * depth + 1 }, (_, node) => node);
    const inner = (node: number): boolean => node % 2 === 0 && node < 2 * depth;
    document.learner.gradient_booster.model.trees = [{
      ...smallTree(),
      left_children: nodes.map((node) => (inner(node) ? node + 1 : -1)),
      right_children: nodes.map((node) => (inner(node) ? node + 2 : -1)),
      split_indices: nodes.map(() => 0),
      split_conditions: nodes.map((node) => (inner(node) ? 0 : node)),
      split_type: nodes.map(() => 0),
      default_left: nodes.map(() => 0),
      tree_param: { num_nodes: String(nodes.length), size_leaf_vector: '1', num_feature: '2' },
    }];
  });
  expect(answers(model, [1, 0], [-1, 0])).toEqual([2 * depth + 0.5, 1.5]);
});

test('a number that JSON has no word for is read where C++ wrote one, and text that looks so stays text', () => {
  const text = JSON.stringify({ ...smallXgboost() }).replace('[2,5,30,10,20]', '[Infinity,5,NaN,10,-Infinity]').replace('"feature_names":[]', '"feature_names":["Infinity","NaN, \\"NaN"]');
  const model = xgboostFormat.parse(Buffer.from(text), 'model.json');
  expect(model.featureNames).toEqual(['Infinity', 'NaN, "NaN']);
  expect(answers(model, [1e30, 4], [1e30, 6])).toEqual([10.5, -Infinity]);
});

const CORRUPT: readonly (readonly [what: string, change: Change, message: RegExp])[] = [
  ['a node that is its own child', (d) => { tree(d).left_children[1] = 1; }, /tree 0: node 1 has two parents/],
  ['a cycle back to the root', (d) => { tree(d).right_children[1] = 0; }, /node 0 has two parents/],
  ['two parents', (d) => { tree(d).right_children[0] = 3; }, /node 3 has two parents/],
  ['a child beyond the nodes', (d) => { tree(d).left_children[1] = 5; }, /node 1 of 5 has the children 5 and 4/],
  ['a right child of -1', (d) => { tree(d).right_children[1] = -1; }, /has the children 3 and -1/],
  ['a fraction of a child', (d) => { tree(d).left_children[1] = 2.5; }, /children 2\.5/],
  ['a feature beyond the features', (d) => { tree(d).split_indices[0] = 2; }, /compares feature 2 of 2/],
  ['a negative feature', (d) => { tree(d).split_indices[0] = -1; }, /compares feature -1/],
  ['fewer conditions than nodes', (d) => { tree(d).split_conditions.pop(); }, /split_conditions has 4 elements for 5 nodes/],
  ['more nodes than arrays', (d) => { tree(d).tree_param.num_nodes = '2147483647'; }, /elements for 2147483647 nodes/],
  ['no nodes', (d) => { tree(d).tree_param.num_nodes = '0'; }, /num_nodes must be an integer from 1/],
  ['text for a child', (d) => { tree(d).left_children = ['a'] as unknown as number[]; }, /holds "a" at 0, not a number/],
  ['a tree that adds to an output there is not', (d) => { d.learner.gradient_booster.model.tree_info = [1]; }, /tree 0 adds to output 1 of 1/],
  ['fewer groups than trees', (d) => { d.learner.gradient_booster.model.tree_info = []; }, /0 entries in tree_info for 1 trees/],
  ['a billion classes', (d) => { d.learner.learner_model_param.num_class = '1000000000'; }, /num_class must be an integer from 0 to 16384/],
  ['a billion features', (d) => { d.learner.learner_model_param.num_feature = '1000000000'; }, /num_feature must be an integer/],
  ['no features', (d) => { d.learner.learner_model_param.num_feature = '0'; }, /num_feature must be an integer from 1/],
  ['names of other features', (d) => { d.learner.feature_names = ['a']; }, /must be 2 names, are 1/],
  ['a name twice', (d) => { d.learner.feature_names = ['a', 'a']; }, /has a name twice/],
  ['a base score that is text', (d) => { d.learner.learner_model_param.base_score = 'x'; }, /base_score is "x"/],
  ['an empty base score', (d) => { d.learner.learner_model_param.base_score = '[]'; }, /base_score is "\[\]"/],
  ['base scores of other outputs', (d) => { d.learner.learner_model_param.base_score = '[1E0,2E0]'; }, /base_score has 2 numbers for 1 outputs/],
  ['a base score of 1 for a logit', (d) => { d.learner.learner_model_param.base_score = '1'; d.learner.objective.name = 'binary:logistic'; }, /base_score 1 is out of the range/],
  ['a category beyond 2^24', (d) => { Object.assign(tree(d), { split_type: [1, 0, 0, 0, 0], categories: [2 ** 24], categories_nodes: [0], categories_segments: [0], categories_sizes: [1] }); }, /node 0 has the category 16777216/],
  ['a negative category', (d) => { Object.assign(tree(d), { split_type: [1, 0, 0, 0, 0], categories: [-1], categories_nodes: [0], categories_segments: [0], categories_sizes: [1] }); }, /the category -1/],
  ['a segment beyond the categories', (d) => { Object.assign(tree(d), { split_type: [1, 0, 0, 0, 0], categories: [1], categories_nodes: [0], categories_segments: [1], categories_sizes: [1] }); }, /a segment from 1 to 2 of 1/],
  ['segments that overlap', (d) => { Object.assign(tree(d), { split_type: [1, 1, 0, 0, 0], categories: [1], categories_nodes: [0, 1], categories_segments: [0, 0], categories_sizes: [1, 1] }); }, /segments that overlap/],
  ['categories of a node that has none', (d) => { Object.assign(tree(d), { categories: [1], categories_nodes: [0], categories_segments: [0], categories_sizes: [1] }); }, /node 0, which does not compare by category/],
  ['a vector for each leaf where one number is wanted', (d) => { tree(d).tree_param.size_leaf_vector = '3'; }, /does not answer 1 numbers in each leaf/],
  ['a vector that is not there', (d) => { tree(d).tree_param.size_leaf_vector = '2'; tree(d).leaf_weights = [1, 2]; tree(d).right_children[4] = 7; d.learner.learner_model_param.num_target = '2'; }, /leaf \d names vector -?\d of 1/],
  ['no learner', (d) => { (d as { learner: unknown }).learner = undefined; }, /the document has no learner/],
  ['a learner that is a list', (d) => { (d as { learner: unknown }).learner = []; }, /learner is not an object/],
  ['linear weights of another number', (d) => { Object.assign(d.learner.gradient_booster, { name: 'gblinear', model: { weights: [1, 2] } }); }, /2 weights, 3 are needed/],
  ['weights of other trees', (d) => { Object.assign(d.learner.gradient_booster, { name: 'dart', gbtree: { model: d.learner.gradient_booster.model }, weight_drop: [] }); }, /0 weights for 1 trees/],
];

test.each(CORRUPT)('%s is corrupt', (_what, change, message) => {
  const error = isvcErrorOf(() => load(change));
  expect([error.code, error.path]).toEqual(['ISVC_MODEL_CORRUPT', 'model.json']);
  expect(error.message).toMatch(message);
});

test.each<readonly [what: string, change: Change, message: RegExp]>([
  ['an objective of another library', (d) => { d.learner.objective.name = 'binary:focal'; }, /objective "binary:focal" is not evaluated here; supported are .*binary:logistic/],
  ['an objective named like a property of every object', (d) => { d.learner.objective.name = 'constructor'; }, /"constructor"/],
  ['an unknown booster', (d) => { d.learner.gradient_booster.name = 'gbforest'; }, /booster "gbforest"/],
])('%s is unsupported', (_what, change, message) => {
  expect(isvcErrorOf(() => load(change))).toMatchObject({ code: 'ISVC_MODEL_UNSUPPORTED', message: expect.stringMatching(message) as string });
});

test('sets of categories may not take more memory than is set', () => {
  const nodes = 40;
  const error = isvcErrorOf(() => load((document) => {
    const inner = Array.from({ length: nodes }, (_, node) => node);
    document.learner.gradient_booster.model.trees = [{
      ...smallTree(),
      left_children: [...inner.map((node) => nodes + node), ...inner.map(() => -1), -1],
      right_children: [...inner.map((node) => (node + 1 < nodes ? node + 1 : 2 * nodes)), ...inner.map(() => -1), -1],
      split_indices: new Array<number>(2 * nodes + 1).fill(0),
      split_conditions: new Array<number>(2 * nodes + 1).fill(0),
      default_left: new Array<number>(2 * nodes + 1).fill(0),
      split_type: [...inner.map(() => 1), ...inner.map(() => 0), 0],
      categories: inner.map(() => 2 ** 24 - 1),
      categories_nodes: inner,
      categories_segments: inner,
      categories_sizes: inner.map(() => 1),
      tree_param: { num_nodes: String(2 * nodes + 1), size_leaf_vector: '1', num_feature: '2' },
    }];
  }));
  expect([error.code, error.message]).toEqual(['ISVC_MODEL_CORRUPT', expect.stringMatching(/sets of categories of more than 67108864 bytes/)]);
});

test.each<readonly [what: string, code: ErrorCode, change: (bytes: Buffer) => void, message: RegExp]>([
  ['two billion trees', 'ISVC_MODEL_CORRUPT', (bytes) => bytes.writeInt32LE(0x7fffffff, treesAt(bytes)), /damaged or cut short/],
  ['a negative number of trees', 'ISVC_MODEL_CORRUPT', (bytes) => bytes.writeInt32LE(-1, treesAt(bytes)), /-1 trees/],
  ['two billion nodes', 'ISVC_MODEL_CORRUPT', (bytes) => bytes.writeInt32LE(0x7fffffff, treesAt(bytes) + 164), /needs 42949672940 more bytes/],
  ['a cycle', 'ISVC_MODEL_CORRUPT', (bytes) => bytes.writeInt32LE(0, treesAt(bytes) + 160 + 148 + 4), /node 0 has two parents/],
  ['no features', 'ISVC_MODEL_CORRUPT', (bytes) => bytes.writeUInt32LE(0, startOf(bytes) + 4), /number of features must be from 1/],
  ['the name of another booster', 'ISVC_MODEL_CORRUPT', (bytes) => bytes.write('gbtrex', treesAt(bytes) - 6), /there is no booster "gbtrex"/],
])('the binary format with %s is refused', (_what, code, change, message) => {
  const bytes = Buffer.from(boostingBytes('xgboost', 'earlier-binary.bst'));
  change(bytes);
  const error = isvcErrorOf(() => xgboostFormat.parse(bytes, 'model.bst'));
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
});

function startOf(bytes: Buffer): number {
  return bytes.toString('latin1', 0, 4) === 'binf' ? 4 : 0;
}

/** Where the parameters of the trees begin: behind the parameters of the learner and two names. */
function treesAt(bytes: Buffer): number {
  return bytes.indexOf('gbtree') + 'gbtree'.length;
}
