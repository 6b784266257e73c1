import { strict as assert } from 'node:assert';
import { printAgainstEcho } from '../support/against-echo';
import { askJson } from '../support/ask-json';
import { jsonPost } from '../support/load';
import { startRuntime } from '../support/program';

const ROWS = 2500;
const ROW = [6.8, 2.8, 4.8, 1.4];

/** What do reading 10 000 numbers of JSON and a decision tree over them cost beside parsing and printing the same JSON? */
export async function run(): Promise<void> {
  const runtime = await startRuntime('packages/runtime/test/fixtures/sklearn/tree.joblib');
  try {
    const table = Array.from({ length: ROWS }, () => ROW);
    const v1 = { path: '/v1/models/m:predict', body: JSON.stringify({ instances: table }) };
    const v2 = { path: '/v2/models/m/infer', body: JSON.stringify({ id: '1', inputs: [{ name: 'input-0', shape: [ROWS, 4], datatype: 'FP64', data: table.flat() }] }) };
    const { predictions } = (await askJson(runtime.port, v1.path, v1.body)) as { readonly predictions: readonly unknown[] };
    assert.deepEqual(predictions, Array.from({ length: ROWS }, () => 1));
    const v2Answer = (await askJson(runtime.port, v2.path, v2.body)) as { readonly outputs: readonly { readonly data: unknown }[] };
    assert.deepEqual(v2Answer.outputs[0]?.data, predictions);
    console.log(`predict rate, ${ROWS} rows of 4 numbers for a decision tree, 4 keep-alive connections`);
    await printAgainstEcho(
      jsonPost('/', v1.body),
      [
        { name: 'V1 predict', port: runtime.port, request: jsonPost(v1.path, v1.body) },
        { name: 'V2 infer', port: runtime.port, request: jsonPost(v2.path, v2.body) },
      ],
      { connections: 4, seconds: 2 },
    );
  } finally {
    await runtime.stop();
  }
}
