import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ModelInspection, inspectModel } from '../../src/index';
import { ONNX_FIXTURES, onnxBytes } from '../support/onnx-fixtures';
import { SKLEARN_FIXTURES } from '../support/sklearn-fixtures';
import { tempFolder } from '../support/temp-folder';

const BOOSTING = join(__dirname, '../fixtures/boosting');

async function inspectOne(path: string): Promise<ModelInspection> {
  const { models } = await inspectModel(path);
  expect(models).toHaveLength(1);
  return models[0] as ModelInspection;
}

function fileOf(bytes: Buffer | string, name = 'model.pkl'): string {
  const path = join(tempFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

test('a scikit-learn model: estimator, version, classes, inputs, and every name in the pickle', async () => {
  expect(await inspectOne(join(SKLEARN_FIXTURES, 'svc-rbf.joblib'))).toMatchObject({
    name: 'svc-rbf',
    file: 'svc-rbf.joblib',
    format: 'sklearn',
    servable: true,
    structure: { type: 'sklearn.svm._classes.SVC' },
    writtenBy: { 'scikit-learn': '1.5.2' },
    classes: [0, 1, 2],
    model: { features: 4, inputs: [{ name: 'input-0', datatype: 'FP64', shape: [-1, 4] }], outputs: [{ name: 'output-0', datatype: 'INT64', shape: [-1] }] },
    names: expect.arrayContaining([{ name: 'numpy.ndarray', allowed: true }]),
  });
});

test.each([
  ['xgboost/binary.json', 'xgboost', { XGBoost: '3.2.0' }],
  ['catboost/binary.json', 'catboost', { CatBoost: '1.2.10' }],
  ['lightgbm/earlier-goss.txt', 'lightgbm', { 'LightGBM (format)': 'v3' }],
])('%s is of %s, written by %j', async (file, format, writtenBy) => {
  expect(await inspectOne(join(BOOSTING, file))).toMatchObject({ format, servable: true, writtenBy });
});

test('an ONNX model is shown and checked without ONNX Runtime', async () => {
  expect(await inspectOne(join(ONNX_FIXTURES, 'logistic-zipmap.onnx'))).toMatchObject({
    servable: true,
    classes: [0, 1, 2],
    graph: { opsets: { 'ai.onnx': 17 }, operators: { 'ai.onnx.ml.LinearClassifier': 1 } },
    model: { outputs: [{ name: 'output_label', datatype: 'INT64' }, { name: 'output_probability', shape: [-1, 3] }] },
  });
  const moved = await inspectOne(fileOf(onnxBytes('external'), 'model.onnx'));
  expect(moved).toMatchObject({ servable: false, graph: { externalFiles: ['external.data'] }, refusal: { code: 'ISVC_MODEL_NOT_FOUND' } });
  expect((await inspectOne(join(ONNX_FIXTURES, 'refused-sequence.onnx'))).refusal).toMatchObject({ code: 'ISVC_MODEL_UNSUPPORTED', hint: expect.stringContaining('zipmap') });
});

test('every name of an attack is listed with what it does, the refused ones first, and nothing happens', async () => {
  const trace = join(tempFolder(), 'trace');
  // GLOBAL, MARK, a text, TUPLE, REDUCE: a call that Python would make; then others.
  const bytes = Buffer.from(`cposix\nsystem\n(S'touch ${trace}'\ntR0cbuiltins\neval\n0c__main__\nMine\n0cnumpy\nndarray\n0cwhatever.x\ny\n.`, 'latin1');
  const inspection = await inspectOne(fileOf(bytes));
  expect(inspection).toMatchObject({ servable: false, refusal: { code: 'ISVC_MODEL_FORBIDDEN', message: expect.stringContaining('posix.system') } });
  expect(inspection.names).toEqual([
    { name: '__main__.Mine', allowed: false, reason: 'a class or function of the script that wrote the file' },
    { name: 'builtins.eval', allowed: false, reason: 'runs code or reaches for more when Python opens the file' },
    { name: 'posix.system', allowed: false, reason: 'starts programs when Python opens the file' },
    { name: 'whatever.x.y', allowed: false, reason: 'not on the allow-list' },
    { name: 'numpy.ndarray', allowed: true },
  ]);
  expect(existsSync(trace)).toBe(false);
});

test('names before the damage of a file are still listed', async () => {
  const inspection = await inspectOne(fileOf(Buffer.from('cos\nsystem\n\x00')));
  expect(inspection).toMatchObject({ servable: false, names: [{ name: 'os.system', allowed: false }] });
});

test('all models of a folder are inspected, each for itself', async () => {
  const root = tempFolder({ 'bad/model.joblib': 'no pickle', 'tf/config.pbtxt': 'platform: "tensorflow_graphdef"' });
  mkdirSync(join(root, 'good'));
  copyFileSync(join(SKLEARN_FIXTURES, 'svc-rbf.joblib'), join(root, 'good/model.joblib'));
  const { layout, models } = await inspectModel(root);
  expect([layout, ...models.map(({ name, file, servable, refusal }) => [name, file, servable, refusal?.code])]).toEqual([
    'a folder for each model',
    ['bad', 'bad/model.joblib', false, expect.stringMatching(/^ISVC_MODEL_/)],
    ['good', 'good/model.joblib', true, undefined],
    ['tf', 'tf', false, 'ISVC_MODEL_UNSUPPORTED'],
  ]);
});

test('nothing to read is an error, two models where one is allowed are not', async () => {
  await expect(inspectModel(join(tempFolder(), 'none'))).rejects.toMatchObject({ code: 'ISVC_MODEL_NOT_FOUND' });
  await expect(inspectModel(tempFolder({ 'readme.md': '' }))).rejects.toMatchObject({ code: 'ISVC_MODEL_NOT_FOUND' });
  expect((await inspectOne(tempFolder({ 'a.joblib': '', 'b.joblib': '' }))).refusal).toMatchObject({ code: 'ISVC_MODEL_AMBIGUOUS' });
  expect((await inspectOne(fileOf('text', 'model.h5'))).refusal).toMatchObject({ code: 'ISVC_MODEL_UNSUPPORTED' });
});
