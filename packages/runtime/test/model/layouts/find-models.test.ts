import { symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { findModels } from '../../../src/model/layouts/find-models';
import { tempFolder } from '../../support/temp-folder';

/** Models as `name@version path`, or the code of what is wrong. */
async function found(files: Readonly<Record<string, string>>, modelName = 'model'): Promise<{ readonly layout: string; readonly models: readonly string[] }> {
  const root = tempFolder(files);
  const { layout, models } = await findModels(root, modelName);
  return {
    layout,
    models: models.map(({ name, version, path, problem }) => `${name}${version === undefined ? '' : `@${version}`} ${problem?.code ?? (relative(root, path) || '.')}`),
  };
}

const settings = (fields: object): string => JSON.stringify(fields);

test.each<[string, Readonly<Record<string, string>>, string, readonly string[]]>([
  ['one file', { 'model.joblib': '', 'notes.md': '' }, 'single', ['model .']],
  ['one file beside folders', { 'model.onnx': '', 'data/x.joblib': '' }, 'single', ['model .']],
  ['nothing', { 'readme.md': '' }, 'single', ['model .']],
  ['folders without models', { 'readme.md': '', 'src/a.py': '' }, 'single', ['model .']],
  ['an MLflow model', { MLmodel: '', 'model.pkl': '', 'data/1/model.onnx': '' }, 'single', ['model .']],
  ['a folder for each model', { 'a/model.joblib': '', 'b/model.bst': '', 'c/readme.md': '', '.git/model.pkl': '' }, 'folders', ['a a', 'b b', 'c c']],
  ['folders of MLflow models beside a text', { 'a/MLmodel': '', 'b/MLmodel': '', 'readme.txt': '' }, 'folders', ['a a', 'b b']],
  ['versions of one model', { '1/model.onnx': '', '2/model.onnx': '', '10/model.onnx': '' }, 'versions', ['model@10 10']],
  ['one model of Triton', { 'config.pbtxt': 'version_policy { all {} }', '1/model.onnx': '', '2/model.onnx': '' }, 'versions', ['model@1 1/model.onnx', 'model@2 2/model.onnx']],
  ['Triton\'s repository', { 'a/1/model.onnx': '', 'a/config.pbtxt': 'name: "a"', 'b/3/model.onnx': '', 'b/2/model.onnx': '' }, 'folders', ['a@1 a/1/model.onnx', 'b@3 b/3']],
  ['Triton\'s repository with broken models', {
    'a/1/model.onnx': '', 'wrong/config.pbtxt': 'name: "other"', 'wrong/1/model.onnx': '', 'tf/config.pbtxt': 'platform: "tensorflow_savedmodel"',
    'none/config.pbtxt': '', 'bad/config.pbtxt': 'name: {', 'out/config.pbtxt': 'default_model_filename: "../../x.onnx"', 'out/1/x.onnx': '',
  }, 'folders', ['a@1 a/1', 'bad ISVC_MODEL_CORRUPT', 'none ISVC_MODEL_NOT_FOUND', 'out ISVC_MODEL_FORBIDDEN', 'tf ISVC_MODEL_UNSUPPORTED', 'wrong ISVC_MODEL_UNSUPPORTED']],
  ['MLServer\'s settings', {
    'a/model-settings.json': settings({ name: 'x', parameters: { uri: './model.joblib', version: '1' } }), 'a/model.joblib': '',
    'b/deep/model-settings.json': settings({ implementation: 'mlserver_sklearn.SKLearnModel' }), 'b/deep/model.joblib': '',
  }, 'mlserver', ['x@1 a/model.joblib', 'deep b/deep']],
  ['one of MLServer\'s settings at the top', { 'model-settings.json': settings({ name: 'x', parameters: { uri: 'sub/m.json' } }), 'sub/m.json': '' }, 'single', ['x sub/m.json']],
  ['MLServer\'s settings that are wrong', {
    'a/model-settings.json': '{', 'b/model-settings.json': settings({ name: 7 }), 'c/model-settings.json': settings({ parameters: { uri: '../..' } }),
    'd/model-settings.json': settings({ parameters: { uri: 'none' } }), 'e/model-settings.json': settings({ parameters: { uri: '/etc/passwd' } }),
  }, 'mlserver', ['a ISVC_MODEL_CORRUPT', 'b ISVC_MODEL_CORRUPT', 'c ISVC_MODEL_FORBIDDEN', 'd ISVC_MODEL_NOT_FOUND', 'e ISVC_MODEL_FORBIDDEN']],
  ['two of one name and version', {
    'a/model-settings.json': settings({ name: 'x' }), 'b/model-settings.json': settings({ name: 'x' }), 'c/model-settings.json': settings({ name: 'x', parameters: { version: '2' } }),
  }, 'mlserver', ['x ISVC_MODEL_AMBIGUOUS', 'x@2 c']],
])('%s', async (_what, files, layout, models) => {
  expect(await found(files)).toEqual({ layout, models });
});

test('the name on the command line counts more than one in the only settings', async () => {
  expect((await found({ 'model-settings.json': settings({ name: 'x' }), 'model.joblib': '' }, 'iris')).models).toEqual(['iris .']);
});

test('a link in a settings file does not lead out of the folder', async () => {
  const outside = tempFolder({ 'model.joblib': '' });
  const root = tempFolder({ 'a/model-settings.json': settings({ parameters: { uri: 'link/model.joblib' } }), 'b/model-settings.json': settings({ name: 'b' }) });
  symlinkSync(outside, join(root, 'a/link'));
  const { models } = await findModels(root, 'model');
  expect(models.map(({ problem }) => problem?.code)).toEqual(['ISVC_MODEL_FORBIDDEN', undefined]);
});

test('a file is one model', async () => {
  const root = tempFolder({ 'm.joblib': '' });
  expect(await findModels(join(root, 'm.joblib'), 'iris')).toEqual({ layout: 'single', models: [{ name: 'iris', path: join(root, 'm.joblib') }] });
});
