import { strict as assert } from 'node:assert';
import { printAgainstEcho } from '../support/against-echo';
import { askJson } from '../support/ask-json';
import { jsonPost } from '../support/load';
import { startRuntime } from '../support/program';

const V1 = { path: '/v1/models/m:predict', body: '{"instances":[[6.8,2.8,4.8,1.4]]}' };
const V2 = { path: '/v2/models/m/infer', body: '{"id":"1","inputs":[{"name":"input-0","shape":[1,4],"datatype":"FP64","data":[6.8,2.8,4.8,1.4]}]}' };

/** How much of the rate of a bare `node:http` JSON echo does a single-row V1 and V2 predict of the iris SVC keep? */
export async function run(): Promise<void> {
  const runtime = await startRuntime('packages/runtime/test/fixtures/sklearn/svc-rbf.joblib');
  try {
    assert.deepEqual(await askJson(runtime.port, V1.path, V1.body), { predictions: [1] });
    const v2Answer = (await askJson(runtime.port, V2.path, V2.body)) as { readonly outputs: readonly { readonly data: unknown }[] };
    assert.deepEqual(v2Answer.outputs[0]?.data, [1]);
    console.log('predict rate, one row of the iris SVC, 32 keep-alive connections');
    await printAgainstEcho(
      jsonPost('/', V1.body),
      [
        { name: 'V1 predict', port: runtime.port, request: jsonPost(V1.path, V1.body) },
        { name: 'V2 infer', port: runtime.port, request: jsonPost(V2.path, V2.body) },
      ],
      { connections: 32, seconds: 2 },
    );
  } finally {
    await runtime.stop();
  }
}
