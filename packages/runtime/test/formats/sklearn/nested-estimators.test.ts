import { sklearnFormat } from '../../../src/formats/sklearn/sklearn-format';
import { treeClassifier } from '../../support/handmade-models';
import { isvcErrorOf } from '../../support/isvc-error-of';
import { build, call, dict, instance, int, integers, list, pickle, text, tuple } from '../../support/pickle-writer';

const SEARCH = 'sklearn.model_selection._search';
const STUMP = treeClassifier({ nodes: [{ left: 1, right: 2, feature: 0, threshold: 0 }, { left: -1, right: -1 }, { left: -1, right: -1 }], values: [0.5, 0.5, 1, 0, 0, 1] });

const remember = (value: Buffer, slot: number): Buffer => Buffer.concat([value, Buffer.of(0x71, slot)]);
const recall = (slot: number): Buffer => Buffer.of(0x68, slot);
const load = (value: Buffer): ReturnType<typeof sklearnFormat.parse> => sklearnFormat.parse(pickle(value), 'model.pkl');

test('an estimator that contains itself is corrupt', () => {
  const self = build(remember(call(SEARCH, 'GridSearchCV'), 1), dict({ best_estimator_: recall(1) }));
  const error = isvcErrorOf(() => load(self));
  expect([error.code, error.message]).toEqual(['ISVC_MODEL_CORRUPT', expect.stringContaining('more than 32 deep')]);
});

test('estimators that each hold the next one many times do not multiply', () => {
  let inner = instance('sklearn.dummy', 'DummyRegressor', { constant_: int(1), n_outputs_: int(1), n_features_in_: int(1) });
  for (let level = 0; level < 20; level++) {
    inner = instance('sklearn.ensemble._voting', 'VotingRegressor', { estimators_: list(remember(inner, level), ...Array.from({ length: 9 }, () => recall(level))) });
  }
  const error = isvcErrorOf(() => load(inner));
  expect([error.code, error.message]).toEqual(['ISVC_MODEL_CORRUPT', expect.stringContaining('over and over')]);
});

test('an estimator inside another that is not evaluated here is named with its role', () => {
  const steps = list(tuple(text('scale'), instance('sklearn.preprocessing._data', 'KernelCenterer', {})), tuple(text('tree'), STUMP));
  const error = isvcErrorOf(() => load(instance('sklearn.pipeline', 'Pipeline', { steps })));
  expect([error.code, error.message]).toEqual(['ISVC_MODEL_UNSUPPORTED', expect.stringContaining('holds sklearn.preprocessing._data.KernelCenterer as step "scale"')]);
  expect(error.hint).toMatch(/ONNX/);
});

test.each([
  ['a step that is a number', list(tuple(text('x'), int(1))), /step "x" is not an estimator/],
  ['a step before the last that does not transform', list(tuple(text('a'), STUMP), tuple(text('b'), STUMP)), /is not the last step and does not transform/],
])('a pipeline with %s is corrupt', (_what, steps, message) => {
  const error = isvcErrorOf(() => load(instance('sklearn.pipeline', 'Pipeline', { steps })));
  expect([error.code, error.message]).toEqual(['ISVC_MODEL_CORRUPT', expect.stringMatching(message)]);
});

test('a pipeline without steps is refused', () => {
  expect(isvcErrorOf(() => load(instance('sklearn.pipeline', 'Pipeline', { steps: list() }))).message).toContain('has no steps');
});

test.each([
  ['(a+)+$', 'token pattern'],
  ['(?u)\\b\\w\\w+\\b|(a|a)*b', 'token pattern'],
  ['[^\\]]+', 'token pattern'],
])('the token pattern %s of a file is not compiled', (pattern, message) => {
  const vectorizer = instance('sklearn.feature_extraction.text', 'CountVectorizer', {
    vocabulary_: dict({ a: int(0) }), analyzer: text('word'), ngram_range: tuple(int(1), int(1)), token_pattern: text(pattern),
  });
  const error = isvcErrorOf(() => load(vectorizer));
  expect([error.code, error.message]).toEqual(['ISVC_MODEL_UNSUPPORTED', expect.stringContaining(message)]);
});

test('a polynomial of very many columns is refused before it is made', () => {
  const features = instance('sklearn.preprocessing._polynomial', 'PolynomialFeatures', { n_features_in_: int(10_000), degree: int(60) });
  expect(isvcErrorOf(() => load(features)).message).toContain('makes more than 1048576 columns');
});

test('a function of the user in a FunctionTransformer is refused', () => {
  const file = pickle(instance('sklearn.preprocessing._function_transformer', 'FunctionTransformer', { func: call('numpy', 'log1p'), n_features_in_: int(1) }));
  expect(isvcErrorOf(() => sklearnFormat.parse(file, 'model.pkl')).message).toContain('has a function of its own');
});

test('a matrix kept sparse is refused with the way out', () => {
  const neighbors = instance('sklearn.neighbors._classification', 'KNeighborsClassifier', {
    classes_: integers([0, 1]), _fit_X: instance('scipy.sparse._csr', 'csr_matrix', {}), n_neighbors: int(1),
  });
  const error = isvcErrorOf(() => load(neighbors));
  expect([error.code, error.message]).toEqual(['ISVC_MODEL_UNSUPPORTED', expect.stringContaining('keeps _fit_X as a sparse matrix')]);
  expect(error.hint).toMatch(/dense/);
});
