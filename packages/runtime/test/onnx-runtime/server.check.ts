// Run by `npm run test:onnx`.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openRepository } from '../../src/model/open-repository';
import { serveModel } from '../../src/server/serve-model';
import type { RunningServer } from '../../src/server/server-options';
import { startServer } from '../../src/server/start-server';
import { ONNX_FIXTURES, onnxAnswers } from '../support/onnx-fixtures';

let root: string;
let server: RunningServer;

/** Triton's repository with three models, one of them with two versions and one broken. */
before(async () => {
  root = mkdtempSync(join(tmpdir(), 'isvc-triton-'));
  const place = (model: string, version: string, file: string): void => {
    mkdirSync(join(root, model, version), { recursive: true });
    copyFileSync(join(ONNX_FIXTURES, file), join(root, model, version, 'model.onnx'));
  };
  place('iris', '1', 'forest.onnx');
  place('iris', '2', 'logistic-zipmap.onnx');
  writeFileSync(join(root, 'iris/config.pbtxt'), 'name: "iris" platform: "onnxruntime_onnx" max_batch_size: 8 version_policy { all {} }');
  place('people', '1', 'columns.onnx');
  place('lists', '1', 'refused-sequence.onnx');
  const repository = await openRepository(root, 'model', serveModel({}));
  server = await startServer({ modelName: 'model', repository, host: '127.0.0.1', shutdownTimeoutSeconds: 1 });
});

after(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

async function ask(path: string, body?: unknown): Promise<{ readonly status: number; readonly json: unknown }> {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
  return { status: answer.status, json: await answer.json() };
}

interface Answer {
  readonly outputs: readonly { readonly name: string; readonly shape: readonly number[]; readonly data: readonly (number | string)[]; readonly parameters: unknown }[];
}

test('V2 answers with the tensors of the graph, and the highest version', async () => {
  const recorded = onnxAnswers('logistic-zipmap');
  const { status, json } = await ask('/v2/models/iris/infer', { inputs: recorded.inputs });
  assert.equal(status, 200);
  const { outputs } = json as Answer;
  assert.deepEqual(outputs.map(({ name, shape, parameters }) => [name, shape, parameters]), [['output_label', [43], null], ['output_probability', [43, 3], { class_labels: '[0,1,2]' }]]);
  assert.deepEqual(outputs[0]?.data, recorded.outputs[0]?.data);
  outputs[1]?.data.forEach((value, i) => assert.ok(Math.abs(Number(value) - Number(recorded.outputs[1]?.data[i])) < 1e-6));
  const one = await ask('/v2/models/iris/versions/1/infer', { inputs: recorded.inputs, outputs: [{ name: 'output_label' }] });
  assert.equal(one.status, 400);
  const metadata = await ask('/v2/models/iris');
  assert.deepEqual((metadata.json as { versions: unknown; platform: unknown }).versions, ['1', '2']);
});

test('V1 takes rows for one input and objects for several', async () => {
  const rows = await ask('/v1/models/iris:predict', { instances: [[0, 0, 0, 0], [1, -1, 0.5, 2]] });
  const { predictions } = rows.json as { predictions: { output_label: number; output_probability: number[] }[] };
  assert.deepEqual(predictions.map((row) => [typeof row.output_label, row.output_probability.length]), [['number', 3], ['number', 3]]);
  const person = { age: 1.5, visits: 3, city: 'Köln' };
  const objects = await ask('/v1/models/people:predict', { instances: [person] });
  assert.equal(objects.status, 200, JSON.stringify(objects.json));
  const missing = await ask('/v1/models/people:predict', { instances: [{ age: 1 }] });
  assert.deepEqual([missing.status, missing.json], [400, { error: 'instances[0] has no "visits"; send objects with "age", "visits", "city"' }]);
});

test('a model that is refused is 503 with the cause', async () => {
  const { status, json } = await ask('/v2/models/lists/ready');
  assert.equal(status, 503);
  assert.match((json as { error: string }).error, /^Model with name lists is not ready: ISVC_MODEL_UNSUPPORTED: output "parts" is a sequence/);
});

test('text and numbers of several inputs are answered as recorded', async () => {
  const recorded = onnxAnswers('columns');
  const { status, json } = await ask('/v2/models/people/infer', { inputs: recorded.inputs });
  assert.equal(status, 200);
  assert.deepEqual((json as Answer).outputs[0]?.data, recorded.outputs[0]?.data);
});
