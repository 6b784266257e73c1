import { sklearnFormat } from '../../../../src/formats/sklearn/sklearn-format';
import type { Matrix } from '../../../../src/model/model';
import { svcFile } from '../../../support/handmade-models';
import { isvcErrorOf } from '../../../support/isvc-error-of';
import { array, bool, call, dtype, float, floats, int, integers, text, tuple } from '../../../support/pickle-writer';
import { fixtureBytes } from '../../../support/sklearn-fixtures';

function matrix(columns: number, ...values: readonly number[]): Matrix {
  return { rows: values.length / columns, columns, data: Float64Array.from(values) };
}

test('a handmade linear machine decides as its numbers say, a decision of exactly zero for the second class', () => {
  const model = sklearnFormat.parse(svcFile(), 'svc.pkl');
  expect(Array.from(model.predict(matrix(2, -3, 0, 3, 0, 0, 5)).data as ArrayLike<unknown>)).toEqual([0, 1, 1]);
});

test.each<readonly [what: string, attributes: Readonly<Record<string, Buffer>>, message: RegExp]>([
  ['one class', { classes_: integers([0]) }, /at least two classes/],
  ['classes in a matrix', { classes_: floats([1, 2], [0, 1]) }, /classes_ must be a list of classes/],
  ['support vectors in a list', { support_vectors_: floats([4], [1, 2, 3, 4]) }, /support_vectors_ must be a matrix/],
  ['support vectors without columns', { support_vectors_: floats([2, 0], []) }, /support_vectors_ must be a matrix/],
  ['a number of features that differs', { n_features_in_: int(3) }, /n_features_in_ must be an integer from 2 to 2, is 3/],
  ['counts of another number of classes', { _n_support: integers([1, 1, 0]) }, /_n_support must have the shape \(2\), has \(3\)/],
  ['counts that exceed the vectors', { _n_support: integers([2, 2]) }, /4 support vectors, support_vectors_ has 2/],
  ['a negative count', { _n_support: integers([-1, 3]) }, /out of range/],
  ['coefficients of another shape', { _dual_coef_: floats([2, 1], [1, -1]) }, /_dual_coef_ must have the shape \(1, 2\), has \(2, 1\)/],
  ['an infinite coefficient', { _dual_coef_: floats([1, 2], [Infinity, 1]) }, /_dual_coef_ holds a value that is not finite/],
  ['missing intercepts', { _intercept_: floats([0], []) }, /_intercept_ must have the shape \(1\), has \(0\)/],
  ['a gamma that is no number', { kernel: text('rbf'), _gamma: text('scale') }, /_gamma is not a number/],
  ['a negative degree', { kernel: text('poly'), degree: int(-1) }, /degree must be an integer from 0/],
  ['probabilities without their parameters', { probability: bool(true), _probA: floats([0], []), _probB: floats([0], []) }, /_probA must have the shape/],
])('%s: corrupt', (_what, attributes, message) => {
  const error = isvcErrorOf(() => sklearnFormat.parse(svcFile(attributes), 'svc.pkl'));
  expect(error.code).toBe('ISVC_MODEL_CORRUPT');
  expect(error.message).toMatch(/^SVC: /);
  expect(error.message).toMatch(message);
});

test.each([
  ['a precomputed kernel', { kernel: text('precomputed') }, /SVC has the kernel "precomputed"/],
  ['a Python function as kernel', { kernel: call('sklearn.metrics.pairwise', 'chi2_kernel') }, /a Python function as its kernel/],
  ['classes of a type without JSON form', { classes_: array(dtype('V8'), [1], new Uint8Array(8)) }, /classes_/],
])('%s is refused', (_what, attributes, message) => {
  expect(isvcErrorOf(() => sklearnFormat.parse(svcFile(attributes), 'svc.pkl')).message).toMatch(message);
});

test('a polynomial of degree zero is one for every row', () => {
  const model = sklearnFormat.parse(svcFile({ kernel: text('poly'), degree: int(0), _intercept_: floats([1], [0.5]) }), 'svc.pkl');
  expect(model.predict(matrix(2, 100, -100)).data[0]).toBe(0);
});

test.each([2, 3, 4, 5, 6, 7, 9])('%p support vectors are summed up each in the order of its features', (count) => {
  const vectors = Array.from({ length: count }, (_, vector) => [Math.sin(vector + 1), 1 / (vector + 3), vector * 0.7]);
  const row = [0.3, -1.1, 0.9];
  const distance = (vector: readonly number[]): number => vector.reduce((sum, value, feature) => sum + ((row[feature] as number) - value) ** 2, 0);
  const product = (vector: readonly number[]): number => vector.reduce((sum, value, feature) => sum + value * (row[feature] as number), 0);
  for (const [kernel, similarity] of [['rbf', (vector: readonly number[]) => Math.exp(-0.25 * distance(vector))], ['linear', product]] as const) {
    const model = sklearnFormat.parse(svcFile({
      kernel: text(kernel), _gamma: float(0.25), shape_fit_: tuple(int(count), int(3)),
      support_vectors_: floats([count, 3], vectors.flat()), _n_support: integers([1, count - 1]), _dual_coef_: floats([1, count], vectors.map((_, vector) => vector + 1)),
    }), 'svc.pkl');
    // scikit-learn turns the sign of libsvm's decision between two classes.
    const wanted = -vectors.reduce((sum, vector, index) => sum + (index + 1) * similarity(vector), 0);
    expect(model.predict(matrix(3, ...row), { method: 'decision_function' }).data[0]).toBe(wanted);
  }
});

describe('input that scikit-learn refuses', () => {
  const model = sklearnFormat.parse(fixtureBytes('svc-rbf.joblib'), 'svc-rbf.joblib');

  test.each([NaN, Infinity, -Infinity])('%p is named by row and column', (value) => {
    const error = isvcErrorOf(() => model.predict(matrix(4, 1, 2, 3, 4, 5, 6, value, 8)));
    expect(error.code).toBe('ISVC_INPUT_INVALID');
    expect(error.message).toBe(`row 1, column 2 is ${value}, where SVC expects a finite number`);
    expect(error.hint).toMatch(/replace missing/);
  });

  test.each([
    ['too few columns', matrix(3, 1, 2, 3), 'the input has 3 columns, SVC expects 4'],
    ['too many columns', matrix(5, 1, 2, 3, 4, 5), 'the input has 5 columns, SVC expects 4'],
    ['no rows', { rows: 0, columns: 4, data: new Float64Array(0) }, 'the input has no rows, SVC needs at least one'],
    ['fewer values than rows', { rows: 2, columns: 4, data: new Float64Array(4) }, 'the input has 4 values, 2 rows of 4 need 8'],
  ])('%s', (_what, input, message) => {
    const error = isvcErrorOf(() => model.predict(input));
    expect([error.code, error.message]).toEqual(['ISVC_INPUT_SHAPE', message]);
  });

  test('numbers near the end of the double range are accepted', () => {
    expect(model.predict(matrix(4, 1e308, -1e308, 1e300, 0)).data).toHaveLength(1);
  });
});

test('answers of two calls do not share memory', () => {
  const model = sklearnFormat.parse(fixtureBytes('svc-proba.joblib'), 'svc-proba.joblib');
  const first = model.predict(matrix(4, 5.1, 3.5, 1.4, 0.2), { method: 'predict_proba' });
  const copy = Array.from(first.data as Float64Array);
  model.predict(matrix(4, 7, 3, 6, 2), { method: 'predict_proba' });
  expect(Array.from(first.data as Float64Array)).toEqual(copy);
});

test('the gamma of a NumPy scalar is read', () => {
  const gamma = call('numpy.core.multiarray', 'scalar', dtype('f8'), Buffer.concat([Buffer.of(0x43, 8), Buffer.from(Float64Array.of(0.5).buffer)]));
  const scalar = sklearnFormat.parse(svcFile({ kernel: text('rbf'), _gamma: gamma }), 'svc.pkl');
  const plain = sklearnFormat.parse(svcFile({ kernel: text('rbf'), _gamma: float(0.5) }), 'svc.pkl');
  expect(scalar.predict(matrix(2, 0.3, 0.1))).toEqual(plain.predict(matrix(2, 0.3, 0.1)));
});
