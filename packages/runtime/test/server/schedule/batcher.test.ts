import * as fc from 'fast-check';
import { Histogram } from '../../../src/metrics/histogram';
import type { Matrix, OutputTensor } from '../../../src/model/model';
import { Batcher, type BatcherOptions } from '../../../src/server/schedule/batcher';
import { matrixJoint } from '../../../src/server/schedule/matrix-rows';
import { fakeModel } from '../../support/fake-model';
import { ask } from '../../support/http';
import { serve } from '../../support/served';

const matrix = (rows: number, columns: number, first = 0): Matrix => ({ rows, columns, data: Float64Array.from({ length: rows * columns }, (_, i) => first + i) });

function doubling(): { readonly sizes: number[]; predict(input: Matrix): OutputTensor } {
  const sizes: number[] = [];
  return {
    sizes,
    predict: ({ rows, columns, data }) => {
      sizes.push(rows);
      if (data.includes(-1)) throw new Error('minus one');
      return { name: 'o', datatype: 'FP64', shape: [rows, columns], data: data.map((value) => value * 2) };
    },
  };
}

function batcherOf(options: Partial<BatcherOptions<Matrix, OutputTensor>> = {}): { readonly batcher: Batcher<Matrix, OutputTensor>; readonly sizes: number[]; readonly seen: Histogram } {
  const model = doubling();
  const seen = new Histogram([1, 2, 4]);
  return { batcher: new Batcher({ joint: matrixJoint, maxBatchSize: 8, maxLatencyMs: 1, predict: model.predict, sizes: seen, ...options }), sizes: model.sizes, seen };
}

test('any requests, in any batches, get what they would get alone', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.record({ rows: fc.integer({ min: 1, max: 6 }), columns: fc.integer({ min: 1, max: 3 }), first: fc.nat(100) }), { maxLength: 12 }), async (requests) => {
    const { batcher, sizes } = batcherOf();
    const outputs = await Promise.all(requests.map(({ rows, columns, first }) => batcher.predict(matrix(rows, columns, first))));
    outputs.forEach(({ shape, data }, i) => {
      const { rows = 0, columns = 0, first = 0 } = requests[i] ?? {};
      expect(shape).toEqual([rows, columns]);
      expect([...data]).toEqual([...matrix(rows, columns, first).data].map((value) => value * 2));
    });
    expect(sizes.reduce((a, b) => a + b, 0)).toBe(requests.reduce((sum, { rows }) => sum + rows, 0));
  }), { numRuns: 60 });
});

test('a full batch goes at once, a partial one after its delay', async () => {
  const { batcher, sizes, seen } = batcherOf({ maxLatencyMs: 60_000 });
  await Promise.all([batcher.predict(matrix(4, 2)), batcher.predict(matrix(4, 2))]);
  expect(sizes).toEqual([8]);
  const soon = batcherOf({ maxLatencyMs: 1 });
  await Promise.all([soon.batcher.predict(matrix(1, 2)), soon.batcher.predict(matrix(2, 2))]);
  expect(soon.sizes).toEqual([3]);
  expect([seen.sum, seen.cumulative()]).toEqual([8, [0, 0, 0, 1]]);
});

test('one request that fails fails alone', async () => {
  const { batcher } = batcherOf({ maxLatencyMs: 1 });
  const [good, bad] = await Promise.allSettled([batcher.predict(matrix(1, 2, 5)), batcher.predict(matrix(1, 2, -1))]);
  expect(good.status).toBe('fulfilled');
  expect(bad).toMatchObject({ status: 'rejected', reason: new Error('minus one') });
});

test('a model that gives another number of rows is asked for each request alone', async () => {
  const { batcher } = batcherOf({ predict: () => ({ name: 'o', datatype: 'FP64', shape: [1], data: Float64Array.of(1) }) });
  const outputs = await Promise.all([batcher.predict(matrix(2, 1)), batcher.predict(matrix(3, 1))]);
  expect(outputs.map(({ shape }) => shape)).toEqual([[1], [1]]);
});

test('over HTTP, requests of V1 and V2 share a batch and each gets its own answer, also the one that is wrong', async () => {
  const model = fakeModel();
  const { port } = await serve({ model, batch: { maxBatchSize: 4, maxLatencyMs: 5000 } });
  const [one, two, wrong, last] = await Promise.all([
    ask(port, '/v1/models/sk:predict', { body: '{"instances":[[1,2,3,4]]}' }),
    ask(port, '/v2/models/sk/infer', { body: '{"inputs":[{"name":"input-0","shape":[1,4],"datatype":"FP64","data":[1,1,1,1]}]}' }),
    ask(port, '/v1/models/sk:predict', { body: '{"instances":[[1,2]]}' }),
    ask(port, '/v1/models/sk:predict', { body: '{"instances":[[9,9,9,9]]}' }),
  ]);
  expect([one.json(), last.json(), wrong.status]).toEqual([{ predictions: [10] }, { predictions: [36] }, 400]);
  expect(two.json()).toMatchObject({ outputs: [{ data: [4] }] });
  expect(model.asked.map(({ rows }) => rows.length).sort()).toEqual([1, 3]);
  const metrics = (await ask(port, '/metrics')).text;
  expect(metrics).toMatch(/^isvc_batch_rows_sum 4$/m);
  expect(metrics).toMatch(/^request_predict_seconds_count\{model_name="sk"\} 4$/m);
});
