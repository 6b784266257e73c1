import { sklearnFormat } from '../../../src/formats/sklearn/sklearn-format';
import { fixtureBytes, matrixOf, recordedAnswers, SUPPORTED_FIXTURES } from '../../support/sklearn-fixtures';

/** Largest relative difference of a probability; scikit-learn's own BLAS changes more than that between machines. */
const TOLERANCE = 1e-9;

describe.each(SUPPORTED_FIXTURES)('%s', (name) => {
  const recorded = recordedAnswers(name);
  const model = sklearnFormat.parse(fixtureBytes(name), name);
  const input = matrixOf(recorded.inputs);

  test('answers with the labels that scikit-learn answered', () => {
    const output = model.predict(input);
    expect(output.shape).toEqual([recorded.inputs.length]);
    expect(Array.from(output.data as ArrayLike<unknown>)).toEqual(recorded.predict.map((label) => (typeof label === 'boolean' ? Number(label) : label)));
  });

  test('answers each row alone as it answers all of them together', () => {
    const together = model.predict(input);
    const alone = recorded.inputs.map((row) => model.predict(matrixOf([row])).data[0]);
    expect(alone).toEqual(Array.from(together.data as ArrayLike<unknown>));
  });

  test('says what it is', () => {
    expect(model.estimator).toBe(recorded.estimator);
    expect(model.platform).toBe(name.endsWith('.joblib') ? 'sklearn_joblib' : 'sklearn_pickle');
    expect(model.features).toBe(input.columns);
    expect(model.hasProbabilities).toBe(recorded.predict_proba !== undefined);
    expect(model.outputs[0]?.datatype).toBe(model.predict(input).datatype);
  });

  test('has the probabilities that scikit-learn answered, or none', () => {
    const { predict_proba: expected } = recorded;
    if (!expected) {
      expect(() => model.predict(input, { method: 'predict_proba' })).toThrow(/without probabilities/);
      return;
    }
    const output = model.predict(input, { method: 'predict_proba' });
    expect(output.shape).toEqual([expected.length, expected[0]?.length]);
    const flat = expected.flat();
    const worst = Math.max(...flat.map((value, index) => Math.abs((output.data[index] as number) - value) / Math.max(value, Number.MIN_VALUE)));
    expect(output.data).toHaveLength(flat.length);
    expect(worst).toBeLessThan(TOLERANCE);
  });
});

test('names of columns come with the model that has them', () => {
  const name = 'svc-feature-names.joblib';
  expect(sklearnFormat.parse(fixtureBytes(name), name).featureNames).toEqual(['sepal length', 'sepal width', 'petal length', 'petal width']);
});

test('fixtures cover four lines of scikit-learn and all three file extensions', () => {
  const lines = new Set(SUPPORTED_FIXTURES.map((name) => recordedAnswers(name).versions['scikit-learn']?.split('.').slice(0, 2).join('.')));
  expect([...lines].sort()).toEqual(['0.21', '0.24', '1.5', '1.9']);
  expect(new Set(SUPPORTED_FIXTURES.map((name) => name.split('.').pop()))).toEqual(new Set(['joblib', 'pkl', 'pickle']));
});
