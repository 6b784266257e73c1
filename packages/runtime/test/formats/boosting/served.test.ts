import { formatOf } from '../../../src/formats/registry';
import type { Model } from '../../../src/model/model';
import { tabular } from '../../../src/model/tabular';
import { boostingAnswers, boostingBytes, type Library } from '../../support/boosting-fixtures';
import { ask } from '../../support/http';
import { matrixOf } from '../../support/sklearn-fixtures';
import { serveModel } from '../../support/served';

const NAMES = ['age', 'income', 'width', 'kind', 'clicks', 'score'];
const ROW = [41.5, 1.25, -5, 3, 0, 0.5];

function load(library: Library, name: string): Model {
  const bytes = boostingBytes(library, name);
  return tabular(formatOf(name, bytes).parse(bytes, name));
}

function answer(model: Model, ...rows: readonly (readonly (number | string)[])[]): number[] {
  return Array.from(model.predict(matrixOf(rows)).data as ArrayLike<number>);
}

async function postJson(port: number, path: string, body: unknown): Promise<{ readonly status: number; readonly body: unknown }> {
  const reply = await ask(port, path, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  return { status: reply.status, body: reply.json() };
}

async function predict(model: Model, instances: unknown): Promise<{ readonly status: number; readonly body: unknown }> {
  return postJson((await serveModel(model)).port, '/v1/models/sk:predict', { instances });
}

test.each<readonly [Library, string, datatype: string, shape: readonly number[]]>([
  ['xgboost', 'binary.json', 'FP32', [2]],
  ['xgboost', 'softprob.ubj', 'FP32', [2, 3]],
  ['xgboost', 'softmax.ubj', 'FP32', [2]],
  ['lightgbm', 'binary.bst', 'FP64', [2]],
  ['lightgbm', 'multiclass.bst', 'FP64', [2, 3]],
  ['catboost', 'multi-text-labels.json', 'BYTES', [2]],
])('%s %s answers V1 and V2 in the form of the library: %s %j', async (library, name, datatype, shape) => {
  const model = load(library, name);
  const recorded = boostingAnswers(library, name);
  const rows = recorded.inputs.slice(0, 2);
  const { port } = await serveModel(model);
  const v1 = await postJson(port, '/v1/models/sk:predict', { instances: rows.map((row) => row.map((value) => (typeof value === 'string' ? null : value))) });
  const v2 = await postJson(port, '/v2/models/sk/infer', {
    inputs: [{ name: 'x', shape: [2, 6], datatype: 'FP64', data: rows.flat().map((value) => (typeof value === 'string' ? null : value)) }],
  });
  const data = Array.from(model.predict(matrixOf(rows)).data as ArrayLike<number | string>);
  expect(v1.body).toEqual({ predictions: shape.length === 1 ? data : [data.slice(0, 3), data.slice(3)] });
  expect(v2.body).toMatchObject({ outputs: [{ name: 'output-0', datatype, shape, data }] });
});

describe('a model with names of columns', () => {
  const permuted = Object.fromEntries(NAMES.map((name, index) => [name, ROW[index]]).reverse());

  test.each<readonly [Library, string]>([['lightgbm', 'named.txt'], ['xgboost', 'named.json'], ['catboost', 'regression.json']])('%s %s takes named V1 rows and V2 columns in any order', async (library, name) => {
    const model = load(library, name);
    expect(model.featureNames).toEqual(NAMES);
    const { port } = await serveModel(model);
    const v1 = await postJson(port, '/v1/models/sk:predict', { instances: [permuted] });
    const inputs = Object.entries(permuted).map(([column, value]) => ({ name: column, shape: [1], datatype: 'FP64', data: [value] }));
    const v2 = await postJson(port, '/v2/models/sk/infer', { parameters: { content_type: 'pd' }, inputs });
    expect(v1.body).toEqual({ predictions: answer(model, ROW) });
    expect(v2.body).toMatchObject({ outputs: [{ data: answer(model, ROW) }] });
  });

  test('LightGBM takes a column that is left out for one of missing values, as its server does', async () => {
    const model = load('lightgbm', 'named.txt');
    const { income, ...others } = permuted;
    expect(income).toBe(1.25);
    const expected = answer(model, ROW.map((value, index) => (index === 1 ? Number.NaN : value)), ROW);
    expect((await predict(model, [others, permuted])).body).toEqual({ predictions: expected });
    expect((await predict(model, [{ age: [41.5, 1], width: [-5, 2] }])).body).toEqual({
      predictions: answer(model, [41.5, NaN, -5, NaN, NaN, NaN], [1, NaN, 2, NaN, NaN, NaN]),
    });
  });

  test('a row without any known column is refused all the same', async () => {
    const { status, body } = await predict(load('lightgbm', 'named.txt'), [{ Age: 1 }]);
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining('row 0 lacks the column')]);
  });

  test('XGBoost does not take a column that is left out', async () => {
    const { score, ...others } = permuted;
    expect(score).toBe(0.5);
    const { status, body } = await predict(load('xgboost', 'named.json'), [others]);
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining('row 0 lacks the column \\"score\\"')]);
  });
});

test('XGBoost without names takes narrow rows as sparse ones, but no wide ones', () => {
  const model = load('xgboost', 'reg-squarederror.ubj');
  expect(answer(model, [41.5, 1.25])).toEqual(answer(model, [41.5, 1.25, NaN, NaN, NaN, NaN]));
  expect(() => answer(model, [1, 2, 3, 4, 5, 6, 7])).toThrow(/has 7 columns, Booster expects 6/);
  expect(() => answer(load('xgboost', 'named.json'), [41.5, 1.25])).toThrow(/has 2 columns, Booster expects 6/);
});

test.each([Infinity, -Infinity, 1e39])('XGBoost refuses %p, which no single-precision number can hold', (value) => {
  expect(() => answer(load('xgboost', 'linear.json'), ROW, [1, value, 3, 4, 5, 6])).toThrow(/row 1, column 1 is infinite, or too large for single precision/);
});
