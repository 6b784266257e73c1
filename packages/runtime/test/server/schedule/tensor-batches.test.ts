import * as fc from 'fast-check';
import type { Datatype } from '../../../src/model/model';
import { ModelRepository } from '../../../src/model/model-repository';
import type { Tensor, TensorModel } from '../../../src/model/tensor-model';
import { Histogram } from '../../../src/metrics/histogram';
import { Batcher } from '../../../src/server/schedule/batcher';
import { type TensorRequest, tensorJoint } from '../../../src/server/schedule/tensor-rows';
import { serveModel } from '../../../src/server/serve-model';
import { startServer } from '../../../src/server/start-server';
import { echoModel } from '../../support/echo-model';
import { ask } from '../../support/http';

const DATA: readonly (readonly [Datatype, (values: readonly number[]) => Tensor['data']])[] = [
  ['FP32', (values) => Float32Array.from(values)], ['INT64', (values) => BigInt64Array.from(values, BigInt)], ['BYTES', (values) => values.map(String)], ['BOOL', (values) => Uint8Array.from(values, (v) => v % 2)],
];

function tensor(name: string, rows: number, width: number, kind: number, first: number): Tensor {
  const [datatype, make] = DATA[kind % DATA.length] ?? ['FP32', (values: readonly number[]) => Float32Array.from(values)];
  return { name, datatype, shape: [rows, width], data: make(Array.from({ length: rows * width }, (_, i) => first + i)) };
}

test('any requests, in any batches, get what they would get alone', async () => {
  const one = fc.record({ rows: fc.integer({ min: 0, max: 4 }), width: fc.integer({ min: 1, max: 2 }), kind: fc.nat(3), first: fc.nat(50), named: fc.boolean() });
  await fc.assert(fc.asyncProperty(fc.array(one, { maxLength: 10 }), async (requests) => {
    const calls: TensorRequest[] = [];
    const predict = async (request: TensorRequest): Promise<readonly Tensor[]> => (calls.push(request), request.inputs);
    const batcher = new Batcher({ maxBatchSize: 8, maxLatencyMs: 1, joint: tensorJoint, predict, sizes: new Histogram([]) });
    const sent = requests.map(({ rows, width, kind, first, named }): TensorRequest => ({ inputs: [tensor('a', rows, width, kind, first), tensor('b', rows, 1, kind + 1, first)], ...(named ? { outputs: ['a'] } : {}) }));
    expect(await Promise.all(sent.map((request) => batcher.predict(request)))).toEqual(sent.map(({ inputs }) => inputs));
    expect(calls.length).toBeLessThanOrEqual(Math.max(1, requests.length));
  }), { numRuns: 60 });
});

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function serveBatched(model: TensorModel): Promise<number> {
  const served = serveModel({ batch: { maxBatchSize: 3, maxLatencyMs: 60_000 } })('sk', model, undefined);
  const server = await startServer({ modelName: 'sk', repository: ModelRepository.of([served]), shutdownTimeoutSeconds: 1 });
  closing.push(() => server.close());
  return server.port;
}

const body = (value: number): string => JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [value, value] }] });
const specs = [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }] as const;

test('requests to a graph that takes batches go to it together, and one that fails fails alone', async () => {
  const model = { ...echoModel((inputs) => {
    if ((inputs[0]?.data as Float32Array).includes(-1)) throw new Error('minus one');
    return inputs;
  }), inputs: specs, outputs: specs };
  const port = await serveBatched(model);
  const answers = await Promise.all([1, 2, 3].map((value) => ask(port, '/v2/models/sk/infer', { body: body(value) })));
  expect(answers.map((answer) => (answer.json() as { outputs: { shape: number[]; data: number[] }[] }).outputs[0])).toMatchObject([1, 2, 3].map((value) => ({ shape: [1, 2], data: [value, value] })));
  expect(model.asked).toHaveLength(1);
  const mixed = await Promise.all([1, -1, 2].map((value) => ask(port, '/v2/models/sk/infer', { body: body(value) })));
  expect(mixed.map(({ status }) => status)).toEqual([200, 500, 200]);
});

test.each<[string, Partial<TensorModel>]>([
  ['a graph of one size', { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2] }], outputs: specs }], ['a model that says nothing of its tensors', {}],
  ['a model of one\'s own, which sees headers', { inputs: specs, outputs: specs, countsItself: true }],
])('%s gets each request alone', async (_, more) => {
  const model = { ...echoModel(), ...more };
  const port = await serveBatched(model);
  await Promise.all([1, 2, 3].map((value) => ask(port, '/v2/models/sk/infer', { body: body(value), headers: { 'x-tenant': 'a' } })));
  expect(model.asked.map(({ context }) => context.headers['x-tenant'])).toEqual(['a', 'a', 'a']);
});
