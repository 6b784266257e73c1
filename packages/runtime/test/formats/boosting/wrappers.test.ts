import { sklearnFormat } from '../../../src/formats/sklearn/sklearn-format';
import { boostingAnswers, boostingBytes, datatypeOf, largestDifference, type Library, pickledFiles } from '../../support/boosting-fixtures';
import { isvcErrorOf } from '../../support/isvc-error-of';
import { call, dict, instance, int, none, pickle, text } from '../../support/pickle-writer';
import { matrixOf } from '../../support/sklearn-fixtures';

/** XGBoost computes in single precision, in which a probability taken from one loses digits. */
const TOLERANCES = { xgboost: 1e-5, lightgbm: 1e-12 } as const;

const FILES = (Object.keys(TOLERANCES) as (keyof typeof TOLERANCES)[]).flatMap((library) => pickledFiles(library).map((name) => [library, name] as const));

function load(library: Library, name: string): ReturnType<typeof sklearnFormat.parse> {
  return sklearnFormat.parse(boostingBytes(library, name), name);
}

describe.each(FILES)('%s %s', (library, name) => {
  const recorded = boostingAnswers(library, name);
  const input = matrixOf(recorded.inputs);
  const model = load(library, name);

  test('predicts what the wrapper predicted', () => {
    const output = model.predict(input);
    expect([output.shape, output.datatype]).toEqual([[input.rows], datatypeOf(recorded.predict)]);
    expect(largestDifference(output, recorded.predict)).toBeLessThanOrEqual(TOLERANCES[library]);
  });

  test('has the probabilities the wrapper had, or none', () => {
    const { predict_proba: expected } = recorded;
    expect(model.hasProbabilities).toBe(expected !== undefined);
    if (!expected) return;
    const output = model.predict(input, { method: 'predict_proba' });
    expect(output.datatype).toBe(datatypeOf(expected));
    expect(output.shape).toEqual([input.rows, (expected.data[0] as readonly number[]).length]);
    expect(largestDifference(output, expected)).toBeLessThanOrEqual(TOLERANCES[library]);
  });
});

test('the table holds wrappers, boosters, early stopping and a missing value of its own, of two releases each', () => {
  const names = FILES.map(([library, name]) => `${library}/${name}`);
  expect(names).toEqual(expect.arrayContaining([
    'xgboost/classifier-stopped.joblib', 'xgboost/classifier-missing.joblib', 'xgboost/earlier-booster.pkl', 'xgboost/regressor-linear.pkl',
    'lightgbm/classifier-stopped.joblib', 'lightgbm/classifier-text-labels.pkl', 'lightgbm/earlier-classifier.joblib',
  ]));
});

test('a wrapper that was never fitted is refused by name', () => {
  for (const [module, name] of [['xgboost.sklearn', 'XGBRegressor'], ['lightgbm.sklearn', 'LGBMClassifier']] as const) {
    const error = isvcErrorOf(() => sklearnFormat.parse(pickle(instance(module, name, {})), 'model.pkl'));
    expect([error.code, error.message]).toEqual(['ISVC_MODEL_UNSUPPORTED', expect.stringContaining(`${name} has no attribute _Booster`)]);
  }
});

test.each([
  ['a number', int(3), 'ISVC_MODEL_CORRUPT', /handle is neither bytes nor text/],
  ['an empty text', text(''), 'ISVC_MODEL_CORRUPT', /needs 136 more bytes/],
  ['None', none, 'ISVC_MODEL_CORRUPT', /handle is neither/],
  ['a dict', dict({}), 'ISVC_MODEL_CORRUPT', /handle is neither/],
])('a booster whose handle is %s is corrupt', (_what, handle, code, message) => {
  const error = isvcErrorOf(() => sklearnFormat.parse(pickle(instance('xgboost.core', 'Booster', { handle })), 'model.pkl'));
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
});

test('a CatBoost model in a pickle is refused with the way out', () => {
  const error = isvcErrorOf(() => sklearnFormat.parse(pickle(call('catboost.core', 'CatBoostClassifier')), 'model.pkl'));
  expect(error.code).toBe('ISVC_MODEL_UNSUPPORTED');
  expect(error.hint).toContain('format="json"');
});
