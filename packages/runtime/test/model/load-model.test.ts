import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatOf, knownExtensions, MODEL_FORMATS } from '../../src/formats/registry';
import { loadModel } from '../../src/model/load-model';
import { matrixOf, SKLEARN_FIXTURES } from '../support/sklearn-fixtures';

const EXAMPLE = join(__dirname, '../../../../examples/01-first-model');

test('the first example answers all 150 rows as scikit-learn did', async () => {
  const expected = JSON.parse(readFileSync(join(EXAMPLE, 'expected.json'), 'utf8')) as { inputs: number[][]; predict: number[] };
  const model = await loadModel(join(EXAMPLE, 'models/svc'));
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

test('no two formats claim one extension, and each finds its format', () => {
  const extensions = knownExtensions();
  expect(new Set(extensions).size).toBe(extensions.length);
  for (const format of MODEL_FORMATS) {
    for (const extension of format.extensions) expect(formatOf(`model${extension}`)).toBe(format);
  }
});
