import { formatOf } from '../../../src/formats/registry';
import type { Model } from '../../../src/model/model';
import { tabular } from '../../../src/model/tabular';
import { boostingAnswers, boostingBytes, datatypeOf, largestDifference, type Library, ownFiles } from '../../support/boosting-fixtures';
import { matrixOf } from '../../support/sklearn-fixtures';

/** Largest relative difference. XGBoost computes in single precision, the others in double; the rest is `exp` of two libraries. */
const TOLERANCES: Readonly<Record<Library, number>> = { xgboost: 1e-6, lightgbm: 1e-12, catboost: 1e-12 };

const FILES = (Object.keys(TOLERANCES) as Library[]).flatMap((library) => ownFiles(library).map((name) => [library, name] as const));

function load(library: Library, name: string): Model {
  const bytes = boostingBytes(library, name);
  return tabular(formatOf(name, bytes).parse(bytes, name));
}

describe.each(FILES)('%s %s', (library, name) => {
  const recorded = boostingAnswers(library, name);
  const input = matrixOf(recorded.inputs);
  const model = load(library, name);

  test('is read as a model of its library', () => {
    expect([model.platform, model.features]).toEqual([library, input.columns]);
  });

  test('answers as the library answered, in shape, datatype and number', () => {
    const output = model.predict(input);
    const first = recorded.predict.data[0];
    expect(output.shape).toEqual(Array.isArray(first) ? [input.rows, first.length] : [input.rows]);
    expect(output.datatype).toBe(datatypeOf(recorded.predict));
    expect(model.outputs[0]?.datatype).toBe(output.datatype);
    expect(largestDifference(output, recorded.predict)).toBeLessThanOrEqual(TOLERANCES[library]);
  });

  test('answers each row alone as it answers all of them together', () => {
    const together = Array.from(model.predict(input).data as ArrayLike<number | string>);
    const alone = recorded.inputs.flatMap((row) => Array.from(model.predict(matrixOf([row])).data as ArrayLike<number | string>));
    expect(alone).toEqual(together);
  });

  test('has the probabilities the library answered, or none', () => {
    expect(model.hasProbabilities).toBe(recorded.predict_proba !== undefined);
    if (!recorded.predict_proba) return;
    const output = model.predict(input, { method: 'predict_proba' });
    expect(output.shape).toEqual([input.rows, (recorded.predict_proba.data[0] as readonly number[]).length]);
    expect(largestDifference(output, recorded.predict_proba)).toBeLessThanOrEqual(TOLERANCES[library]);
  });
});

test('fixtures cover three lines of XGBoost and LightGBM, two of CatBoost, all extensions and at least 200 rows a model of the newest', () => {
  const lines = (library: Library): string[] => [...new Set(ownFiles(library).map((name) => boostingAnswers(library, name).versions[library] ?? ''))].sort();
  expect({ xgboost: lines('xgboost'), lightgbm: lines('lightgbm'), catboost: lines('catboost') }).toEqual({
    xgboost: ['1.7.6', '2.1.4', '3.2.0'], lightgbm: ['3.3.5', '4.5.0', '4.7.0'], catboost: ['1.2.10', '1.2.5'],
  });
  expect(new Set(FILES.map(([, name]) => name.split('.').pop()))).toEqual(new Set(['json', 'ubj', 'bst', 'txt']));
  const rows = FILES.filter(([, name]) => !/^(earlier|sklearn15)-/.test(name)).map(([library, name]) => boostingAnswers(library, name).inputs.length);
  expect(Math.min(...rows)).toBeGreaterThanOrEqual(200);
});
