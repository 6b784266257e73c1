import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRepository } from '../../src/model/open-repository';
import { serveModel } from '../../src/server/serve-model';
import { startServer } from '../../src/server/start-server';
import { ask } from '../support/http';
import { runRuntime, serveProcess } from '../support/runtime-process';
import { SKLEARN_FIXTURES } from '../support/sklearn-fixtures';
import { tempFolder } from '../support/temp-folder';

const PREDICT = '{"instances":[[6.8,2.8,4.8,1.4]]}';

/** Folders `good` with a model, `bad` with a broken one. */
function models(): string {
  const root = tempFolder({ 'bad/model.joblib': 'not a pickle' });
  mkdirSync(join(root, 'good'));
  copyFileSync(join(SKLEARN_FIXTURES, 'svc-rbf.joblib'), join(root, 'good/model.joblib'));
  return root;
}

test('a model that cannot be loaded is answered with 503 and the cause, and the others are served', async () => {
  const runtime = await serveProcess([`--model_dir=${models()}`]);
  expect((await ask(runtime.port, '/v1/models')).json()).toEqual({ models: ['bad', 'good'] });
  expect((await ask(runtime.port, '/v1/models/good:predict', { body: PREDICT })).status).toBe(200);
  expect((await ask(runtime.port, '/v2/models/good/ready')).json()).toEqual({ name: 'good', ready: true });
  for (const path of ['/v1/models/bad', '/v2/models/bad/ready', '/v2/models/bad/versions/1/ready']) {
    const answer = await ask(runtime.port, path);
    expect([answer.status, answer.text]).toEqual([503, expect.stringMatching(/^\{"error":"Model with name bad is not ready: ISVC_MODEL_[A-Z]+: /)]);
  }
  expect((await ask(runtime.port, '/v1/models/bad:predict', { body: PREDICT })).status).toBe(503);
  expect((await ask(runtime.port, '/v1/models/none:predict', { body: PREDICT })).status).toBe(404);
  // The pod stays in service: readiness of the server is not that of every model.
  expect((await ask(runtime.port, '/v2/health/ready')).status).toBe(200);
  expect(runtime.stderr()).toMatch(/1 of 2 models ready on port .*\n.*model bad is not ready: ISVC_MODEL_/);
});

test('a folder of models of which none can be loaded is one line with the causes, exit code 1', async () => {
  const root = models();
  rmSync(join(root, 'good/model.joblib'));
  writeFileSync(join(root, 'good/model.joblib'), 'neither');
  const runtime = runRuntime(['serve', '--model_dir', root, '--http_port=0']);
  expect(await runtime.exit).toBe(1);
  expect(runtime.stderr()).toMatch(/none of 2 models can be loaded: bad: ISVC_MODEL_\w+: .*good: ISVC_MODEL_\w+: .*\[ISVC_MODEL_NOT_FOUND\]\n$/);
});

test('versions have their own paths, and the highest answers without one', async () => {
  const root = tempFolder();
  for (const [version, file] of [['1', 'svc-rbf'], ['2', 'svc-rbf']] as const) {
    const folder = join(root, `v${version}`);
    mkdirSync(folder);
    copyFileSync(join(SKLEARN_FIXTURES, `${file}.joblib`), join(folder, 'model.joblib'));
    writeFileSync(join(folder, 'model-settings.json'), JSON.stringify({ name: 'iris', parameters: { uri: './model.joblib', version } }));
  }
  const repository = await openRepository(root, 'model', serveModel({}));
  const server = await startServer({ modelName: 'model', repository, shutdownTimeoutSeconds: 1 });
  try {
    expect((await ask(server.port, '/v2/models/iris')).json()).toMatchObject({ name: 'iris', versions: ['1', '2'] });
    const infer = JSON.stringify({ inputs: [{ name: 'x', shape: [1, 4], datatype: 'FP64', data: [6.8, 2.8, 4.8, 1.4] }] });
    expect((await ask(server.port, '/v2/models/iris/versions/1/infer', { body: infer })).json()).toMatchObject({ model_version: '1' });
    expect((await ask(server.port, '/v2/models/iris/infer', { body: infer })).status).toBe(200);
    const unknown = await ask(server.port, '/v2/models/iris/versions/3/ready');
    expect([unknown.status, unknown.json()]).toEqual([404, { error: 'Model with name iris has no version 3; it has versions 1, 2.' }]);
  } finally {
    await server.close();
  }
});
