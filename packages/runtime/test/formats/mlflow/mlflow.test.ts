import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspectModel } from '../../../src/index';
import { loadModel } from '../../../src/model/load-model';
import { tabular } from '../../../src/model/tabular';
import { ask } from '../../support/http';
import { serveModel } from '../../support/served';
import { tempFolder } from '../../support/temp-folder';

/** Folders that scripts/fixtures/mlflow_models.py has written with MLflow. */
const FIXTURES = join(__dirname, '../../fixtures/mlflow');

interface Expected {
  readonly columns: readonly string[] | null;
  readonly rows: readonly (readonly number[])[];
  readonly predictions: readonly number[];
}

const expectedOf = (name: string): Expected => JSON.parse(readFileSync(join(FIXTURES, name, 'expected.json'), 'utf8')) as Expected;

/** A copy of a fixture with its MLmodel changed. */
function changed(name: string, change: (text: string) => string): string {
  const folder = tempFolder();
  cpSync(join(FIXTURES, name), folder, { recursive: true });
  const path = join(folder, 'MLmodel');
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  return folder;
}

/** The one line of a YAML with a signature of these columns. */
const signatureOf = (columns: readonly object[]): string => `signature:\n  inputs: '${JSON.stringify(columns)}'\n`;
const withSignature = (columns: readonly object[]) => (text: string): string => text.replace(/^signature:\n(?: {2}.*\n(?: {4}.*\n)*)+/m, signatureOf(columns));

test.each(['sklearn', 'sklearn-tensor', 'xgboost-classifier', 'xgboost-classes', 'xgboost-booster', 'lightgbm-booster', 'lightgbm-classifier', 'catboost'])('%s answers what MLflow answered', async (name) => {
  const { columns, rows, predictions } = expectedOf(name);
  const { port } = await serveModel(tabular(await loadModel(join(FIXTURES, name))));
  const answer = (await ask(port, '/v1/models/sk:predict', { body: JSON.stringify({ instances: rows }) })).json() as { predictions: number[] };
  expect(answer.predictions).toHaveLength(predictions.length);
  answer.predictions.forEach((value, i) => expect(Math.abs(value - (predictions[i] as number))).toBeLessThanOrEqual(1e-6));
  if (!columns) return;
  // MLServer's way: one tensor a column, in any order.
  const inputs = [...columns.entries()].reverse().map(([c, column]) => ({ name: column, shape: [rows.length], datatype: 'FP64', data: rows.map((row) => row[c]) }));
  const v2 = await ask(port, '/v2/models/sk/infer', { body: JSON.stringify({ parameters: { content_type: 'pd' }, inputs }) });
  expect(v2.json()).toMatchObject({ outputs: [{ name: 'output-1', shape: [rows.length], data: answer.predictions }] });
});

describe('the signature', () => {
  const row = { age: 40.5, income: 3, visits: 2 };
  const askRow = async (folder: string, instance: object): Promise<readonly [number, string]> => {
    const { port } = await serveModel(tabular(await loadModel(folder)));
    const { status, text } = await ask(port, '/v1/models/sk:predict', { body: JSON.stringify({ instances: [instance] }) });
    return [status, text];
  };

  test('takes named values in any order and refuses a whole number with a fraction, a missing one, and text', async () => {
    const sklearn = join(FIXTURES, 'sklearn');
    const [status, text] = await askRow(sklearn, row);
    expect([status, await askRow(sklearn, { visits: 2, income: 3, age: 40.5 })]).toEqual([200, [200, text]]);
    expect(await askRow(sklearn, { ...row, visits: 2.5 })).toEqual([400, expect.stringContaining('visits of row 0 is 2.5, the signature has a whole number')]);
    expect(await askRow(sklearn, { ...row, visits: null })).toEqual([400, expect.stringContaining('visits of row 0 is missing, the signature requires it')]);
    expect((await askRow(sklearn, { age: 1, income: 2 }))[0]).toBe(400);
    expect((await askRow(sklearn, { ...row, age: 'old' }))[0]).toBe(400);
  });

  test('lets an optional column be left out, and no other', async () => {
    const folder = join(FIXTURES, 'lightgbm-booster');
    expect((await askRow(folder, { age: 40.5, visits: 2 }))[0]).toBe(200);
    expect(await askRow(folder, { age: 40.5, income: 3 })).toEqual([400, expect.stringContaining('visits of row 0 is missing')]);
    expect(await askRow(folder, { income: 3, visits: 1 })).toEqual([400, expect.stringContaining('age of row 0 is missing')]);
  });

  test('bounds whole numbers by their width', async () => {
    const folder = changed('sklearn', withSignature([{ type: 'double', name: 'age' }, { type: 'boolean', name: 'income' }, { type: 'integer', name: 'visits' }]));
    expect((await askRow(folder, { age: 1, income: 1, visits: 2147483647 }))[0]).toBe(200);
    expect(await askRow(folder, { age: 1, income: 1, visits: 2147483648 })).toEqual([400, expect.stringContaining('from -2147483648 to 2147483647')]);
    expect(await askRow(folder, { age: 1, income: 2, visits: 1 })).toEqual([400, expect.stringContaining('from 0 to 1')]);
  });

  test.each<[string, readonly object[], string]>([
    ['more columns than the model', [1, 2, 3, 4].map((i) => ({ type: 'double', name: `c${i}` })), 'ISVC_MODEL_CORRUPT'],
    ['a type of no column', [{ type: 'double' }, { type: 'double' }, { type: 'array' }], 'ISVC_MODEL_UNSUPPORTED'],
    ['tensors that are no table', [{ type: 'tensor', 'tensor-spec': { dtype: 'float64', shape: [-1, 2, 2] } }], 'ISVC_MODEL_UNSUPPORTED'],
    ['a column without a type', [{ name: 'x' }], 'ISVC_MODEL_CORRUPT'],
    ['a tensor without a shape', [{ type: 'tensor' }], 'ISVC_MODEL_CORRUPT'],
  ])('of %s is refused', async (_what, columns, code) => {
    await expect(loadModel(changed('sklearn', withSignature(columns)))).rejects.toMatchObject({ code, path: 'MLmodel' });
  });
});

describe('folders that are refused', () => {
  test('Python code alone, with the way out', async () => {
    await expect(loadModel(join(FIXTURES, 'refused-python'))).rejects.toMatchObject({
      code: 'ISVC_MODEL_UNSUPPORTED', path: 'MLmodel', message: expect.stringContaining('Python code alone (flavor python_function)'), hint: expect.stringContaining('mlflow.onnx.log_model'),
    });
  });

  test('CatBoost\'s binary format, with the way out', async () => {
    await expect(loadModel(join(FIXTURES, 'refused-catboost'))).rejects.toMatchObject({ code: 'ISVC_MODEL_UNSUPPORTED', hint: expect.stringContaining('json') });
  });

  const named = (file: string) => (text: string): string => text.replace('pickled_model: model.pkl', `pickled_model: ${file}`);
  test.each<[string, (text: string) => string, string]>([
    ['a model file outside', named('../../../../../../../etc/passwd'), 'ISVC_MODEL_FORBIDDEN'],
    ['a model file by its full path', named('/etc/passwd'), 'ISVC_MODEL_NOT_FOUND'],
    ['a model file that is not there', named('none.pkl'), 'ISVC_MODEL_NOT_FOUND'],
    ['no model file', named('null'), 'ISVC_MODEL_CORRUPT'],
    ['no YAML', () => 'flavors: [', 'ISVC_MODEL_CORRUPT'],
    ['aliases', (text) => `a: &a [x]\nb: [*a, *a]\n${text}`, 'ISVC_MODEL_CORRUPT'],
    ['no flavors', () => 'artifact_path: x\n', 'ISVC_MODEL_UNSUPPORTED'],
    ['an endless file', (text) => text + '#'.repeat(2_000_000), 'ISVC_MODEL_CORRUPT'],
    ['skops', (text) => text.replace('serialization_format: cloudpickle', 'serialization_format: skops'), 'ISVC_MODEL_UNSUPPORTED'],
  ])('%s', async (_what, change, code) => {
    await expect(loadModel(changed('sklearn', change))).rejects.toMatchObject({ code });
  });

  test('a link out of the folder', async () => {
    const folder = changed('sklearn', named('link.pkl'));
    symlinkSync(join(FIXTURES, 'sklearn/model.pkl'), join(folder, 'link.pkl'));
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'ISVC_MODEL_FORBIDDEN' });
  });
});

test('inspection shows flavor, signature and what the model file holds', async () => {
  const { models } = await inspectModel(join(FIXTURES, 'xgboost-classifier'));
  expect(models).toMatchObject([{
    file: 'model.ubj', format: 'xgboost', servable: true,
    mlflow: { flavor: 'xgboost', version: expect.stringMatching(/^3\./), modelClass: 'xgboost.sklearn.XGBClassifier', signature: { kind: 'columns', columns: [{ name: 'age', type: 'double', required: true }, {}, {}] } },
    model: { estimator: 'XGBClassifier', inputs: [{ name: 'age', datatype: 'FP64', shape: [-1] }, {}, { name: 'visits', datatype: 'INT64' }], outputs: [{ name: 'output-1', datatype: 'INT64' }] },
  }]);
  expect((await inspectModel(join(FIXTURES, 'onnx'))).models).toMatchObject([{ format: 'onnx', servable: true, mlflow: { flavor: 'onnx' } }]);
  expect((await inspectModel(join(FIXTURES, 'refused-python'))).models).toMatchObject([{ servable: false, refusal: { code: 'ISVC_MODEL_UNSUPPORTED' } }]);
});
