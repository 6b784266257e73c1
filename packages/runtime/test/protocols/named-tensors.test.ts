import type { TensorSpec } from '../../src/model/model';
import { ModelRepository } from '../../src/model/model-repository';
import type { InferContext, Tensor, TensorModel } from '../../src/model/tensor-model';
import { createServedModel } from '../../src/server/served-model';
import { startServer } from '../../src/server/start-server';
import { ask } from '../support/http';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

interface Asked {
  inputs?: readonly Tensor[];
  context?: InferContext;
}

async function serve(inputs: readonly TensorSpec[], answer: (inputs: readonly Tensor[]) => readonly Tensor[]): Promise<{ readonly port: number; readonly asked: Asked }> {
  const asked: Asked = {};
  const model: TensorModel = {
    kind: 'tensors', platform: 'test', estimator: 'Test', inputs, outputs: [],
    infer(tensors, context) {
      Object.assign(asked, { inputs: tensors, context });
      return answer(tensors);
    },
  };
  const server = await startServer({ modelName: 'm', repository: ModelRepository.of([createServedModel('m', model)]), shutdownTimeoutSeconds: 1 });
  closing.push(() => server.close());
  return { port: server.port, asked };
}

const PREDICT = '/v1/models/m:predict';
const INFER = '/v2/models/m/infer';
const X: TensorSpec = { name: 'x', datatype: 'FP32', shape: [-1, 2] };
const echo = (inputs: readonly Tensor[]): readonly Tensor[] => inputs;

test('V2 hands every input over in its datatype, and writes every output', async () => {
  const { port, asked } = await serve([X], echo);
  const inputs = [
    { name: 'x', datatype: 'FP32', shape: [-1, 2], data: [[1, 2], [3, 0.1]] },
    { name: 'n', datatype: 'INT64', shape: [2], data: [1, -2] },
    { name: 'b', datatype: 'BOOL', shape: [1, 2], data: [true, false] },
    { name: 't', datatype: 'BYTES', shape: [1], data: ['ü'] },
  ];
  const answer = await ask(port, INFER, { body: JSON.stringify({ id: 'i', inputs, outputs: [{ name: 'x' }] }) });
  expect(answer.text).toBe(
    '{"model_name":"m","model_version":null,"id":"i","parameters":null,"outputs":[{"name":"x","shape":[2,2],"datatype":"FP32","parameters":null,"data":[1.0,2.0,3.0,0.10000000149011612]},' +
      '{"name":"n","shape":[2],"datatype":"INT64","parameters":null,"data":[1,-2]},{"name":"b","shape":[1,2],"datatype":"BOOL","parameters":null,"data":[true,false]},' +
      '{"name":"t","shape":[1],"datatype":"BYTES","parameters":null,"data":["ü"]}]}',
  );
  expect(asked.inputs?.map(({ data }) => data.constructor.name)).toEqual(['Float32Array', 'Float64Array', 'Uint8Array', 'Array']);
  expect(asked.context).toMatchObject({ id: 'i', outputs: ['x'], headers: { host: expect.any(String) } });
});

test.each([
  [{ name: 'x', datatype: 'FP32', shape: [3, 2], data: [1, 2] }, /cannot reshape array of size 2 into shape \(3,2\) for input 'x'/],
  [{ name: 'x', datatype: 'BYTES', shape: [1], data: [null] }, /null/],
  [{ name: 'x', datatype: 'INT8', shape: [1], data: [300] }, /INT8/],
])('V2 refuses %j with 400', async (input, error) => {
  const { port } = await serve([X], echo);
  const answer = await ask(port, INFER, { body: JSON.stringify({ inputs: [input] }) });
  expect([answer.status, answer.text]).toEqual([400, expect.stringMatching(error)]);
});

test('half floats are refused in JSON, bytes become text, parameters are written', async () => {
  const half = await serve([X], () => [{ name: 'y', datatype: 'FP16', shape: [1], data: Uint16Array.of(0) }]);
  const body = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] }] });
  expect((await ask(half.port, INFER, { body })).text).toContain('Sending FP16 data via JSON is not supported: output \'y\'');
  const bytes = await serve([X], () => [{ name: 'y', datatype: 'BYTES', shape: [1], data: [Buffer.from('ü')], parameters: { class_labels: '["a"]' } }]);
  expect((await ask(bytes.port, INFER, { body })).json()).toMatchObject({ outputs: [{ data: ['ü'], parameters: { class_labels: '["a"]' } }] });
});

test('V1 makes one tensor of rows, and answers rows', async () => {
  const { port, asked } = await serve([X], echo);
  expect((await ask(port, PREDICT, { body: '{"instances":[[1,2],[3,4.5]]}' })).text).toBe('{"predictions":[[1.0,2.0],[3.0,4.5]]}');
  expect(asked.inputs).toEqual([{ name: 'x', datatype: 'FP32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4.5) }]);
  expect((await ask(port, PREDICT, { body: '{"instances":[[1,2],[3]]}' })).status).toBe(400);
});

test('V1 makes a tensor for each input of objects, with a column\'s second axis, and answers objects', async () => {
  const { port, asked } = await serve([{ name: 'age', datatype: 'INT64', shape: [-1, 1] }, { name: 'city', datatype: 'BYTES', shape: [-1] }], echo);
  const answer = await ask(port, PREDICT, { body: '{"instances":[{"age":1,"city":"a"},{"age":2,"city":"b"}]}' });
  expect(answer.text).toBe('{"predictions":[{"age":[1],"city":"a"},{"age":[2],"city":"b"}]}');
  expect(asked.inputs?.map(({ shape }) => shape)).toEqual([[2, 1], [2]]);
  const missing = await ask(port, PREDICT, { body: '{"instances":[{"age":1}]}' });
  expect([missing.status, missing.json()]).toEqual([400, { error: 'instances[0] has no "city"; send objects with "age", "city"' }]);
});

test('V1 answers outputs that have no rows in common by name', async () => {
  const { port } = await serve([X], () => [
    { name: 'y', datatype: 'FP64', shape: [2], data: Float64Array.of(1, 2) },
    { name: 'total', datatype: 'FP64', shape: [], data: Float64Array.of(3) },
  ]);
  expect((await ask(port, PREDICT, { body: '{"instances":[[1,2]]}' })).text).toBe('{"predictions":{"y":[1.0,2.0],"total":3.0}}');
});

test('parameters of the request and of its tensors reach the model; what belongs to the wire does not', async () => {
  const { port, asked } = await serve([X], echo);
  const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 1], parameters: { unit: 'm', n: 1 }, data: [1] }];
  const answer = await ask(port, INFER, { body: JSON.stringify({ parameters: { seed: 7, mode: 'fast' }, inputs }) });
  expect(asked.context?.parameters).toEqual({ seed: 7, mode: 'fast' });
  expect(asked.inputs?.[0]?.parameters).toEqual({ unit: 'm', n: 1 });
  expect(answer.json()).toMatchObject({ outputs: [{ parameters: { unit: 'm', n: 1 } }] });
  const json = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1], parameters: { unit: 'm', binary_data_size: 4 } }] });
  await ask(port, INFER, { body: Buffer.concat([Buffer.from(json), Buffer.alloc(4)]), headers: { 'inference-header-content-length': String(json.length) } });
  expect(asked.inputs?.[0]?.parameters).toEqual({ unit: 'm' });
});
