import { strict as assert } from 'node:assert';
import { askJson } from '../support/ask-json';

export const IRIS_SVC = 'packages/runtime/test/fixtures/sklearn/svc-rbf.joblib';

/** One row for the model `m`. */
export const V1 = { path: '/v1/models/m:predict', body: '{"instances":[[6.8,2.8,4.8,1.4]]}' };
export const V2 = { path: '/v2/models/m/infer', body: '{"id":"1","inputs":[{"name":"input-0","shape":[1,4],"datatype":"FP64","data":[6.8,2.8,4.8,1.4]}]}' };

/** A rate of wrong answers says nothing. */
export async function assertAnswers(port: number): Promise<void> {
  assert.deepEqual(await askJson(port, V1.path, V1.body), { predictions: [1] });
  const v2 = (await askJson(port, V2.path, V2.body)) as { readonly outputs: readonly { readonly data: unknown }[] };
  assert.deepEqual(v2.outputs[0]?.data, [1]);
}
