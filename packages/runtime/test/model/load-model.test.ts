import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatOf, knownExtensions, MODEL_FORMATS, sharedExtensions } from '../../src/formats/registry';
import { loadModel } from '../../src/model/load-model';
import { tabular } from '../../src/model/tabular';
import { boostingBytes } from '../support/boosting-fixtures';
import { isvcErrorOf } from '../support/isvc-error-of';
import { matrixOf, SKLEARN_FIXTURES } from '../support/sklearn-fixtures';

const EXAMPLE = join(__dirname, '../../../../examples/01-first-model');

test('the first example answers all 150 rows as scikit-learn did', async () => {
  const expected = JSON.parse(readFileSync(join(EXAMPLE, 'expected.json'), 'utf8')) as { inputs: number[][]; predict: number[] };
  const model = tabular(await loadModel(join(EXAMPLE, 'models/svc')));
  expect(expected.predict).toHaveLength(150);
  expect(Array.from(model.predict(matrixOf(expected.inputs)).data as Float64Array)).toEqual(expected.predict);
});

test('a file is loaded directly, without its neighbours making it ambiguous', async () => {
  expect((await loadModel(join(SKLEARN_FIXTURES, 'forest.joblib'))).estimator).toBe('RandomForestClassifier');
  await expect(loadModel(SKLEARN_FIXTURES)).rejects.toMatchObject({ code: 'ISVC_MODEL_AMBIGUOUS' });
});

describe('what cannot be loaded', () => {
  const directory = mkdtempSync(join(tmpdir(), 'isvc-load-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  test('a path that is not there is a missing model', async () => {
    await expect(loadModel(join(directory, 'none'))).rejects.toMatchObject({ code: 'ISVC_MODEL_NOT_FOUND', path: join(directory, 'none') });
  });

  test('a file of an unknown extension is unsupported and the known ones are listed', async () => {
    writeFileSync(join(directory, 'model.h5'), 'x');
    await expect(loadModel(join(directory, 'model.h5'))).rejects.toMatchObject({
      code: 'ISVC_MODEL_UNSUPPORTED',
      message: expect.stringContaining('.joblib, .pkl, .pickle') as string,
    });
  });

  test('errors about content name the file but no folder, because clients see them', async () => {
    writeFileSync(join(directory, 'model.pkl'), 'cos\nsystem\n.');
    await expect(loadModel(directory)).rejects.toMatchObject({ code: 'ISVC_MODEL_FORBIDDEN', path: 'model.pkl' });
  });
});

test('each extension of one format finds it whatever the content, and the content decides where several share one', () => {
  const known = [...knownExtensions(), ...sharedExtensions()];
  expect(new Set(known).size).toBe(known.length);
  const claims = MODEL_FORMATS.flatMap((format) => [...format.extensions, ...(format.sharedExtensions ?? [])].map((extension) => ({ extension, format })));
  for (const { extension, format } of claims) {
    if (claims.filter((claim) => claim.extension === extension).length === 1) expect(formatOf(`model${extension}`, Buffer.of(1))).toBe(format);
    else expect(() => formatOf(`model${extension}`, Buffer.of(1))).toThrow(/is none of .*, whose extension it has/);
  }
});

test.each([
  ['model.bst', 'tree\nversion=v4\n', 'lightgbm'],
  ['model.bst', '{"learner":{}}', 'xgboost'],
  ['model.bst', '{L\0\0\0\0\0\0\0\u0007learner', 'xgboost'],
  ['model.json', '{"version":[3,2,0],"learner":{}}', 'xgboost'],
  ['model.json', ' {"features_info":{}}', 'catboost'],
  ['model.model', 'tree\r\nversion=v3\r\n', 'lightgbm'],
  ['model.joblib', 'tree\n', 'sklearn'],
])('%s that begins with %j is a model of %s', (file, content, name) => {
  expect(formatOf(file, Buffer.from(content)).name).toBe(name);
});

test('a JSON file that is no model is refused by name', () => {
  expect(isvcErrorOf(() => formatOf('config.json', Buffer.from('{"a":1}')))).toMatchObject({
    code: 'ISVC_MODEL_UNSUPPORTED',
    message: 'is none of xgboost, catboost, whose extension it has',
  });
  expect(isvcErrorOf(() => formatOf('model.bst', Buffer.alloc(0)))).toMatchObject({ code: 'ISVC_MODEL_CORRUPT', message: 'the file is empty' });
});

test('a folder with a model and files of extensions that models may have, too, holds that model', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'isvc-load-'));
  try {
    writeFileSync(join(directory, 'requirements.txt'), 'xgboost');
    writeFileSync(join(directory, 'model.bst'), boostingBytes('lightgbm', 'binary.bst'));
    expect((await loadModel(directory)).platform).toBe('lightgbm');
    rmSync(join(directory, 'model.bst'));
    rmSync(join(directory, 'requirements.txt'));
    writeFileSync(join(directory, 'model.json'), boostingBytes('catboost', 'binary.json'));
    expect((await loadModel(directory)).platform).toBe('catboost');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
