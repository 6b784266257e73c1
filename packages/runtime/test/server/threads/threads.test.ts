import { join } from 'node:path';
import { createOffload } from '../../../src/server/threads/offload';
import { askGrpc, connectGrpc } from '../../support/grpc';
import { ask } from '../../support/http';
import { IRIS_SVC, runRuntime, serveProcess } from '../../support/runtime-process';
import { tempFolder } from '../../support/temp-folder';
import { until } from '../../../../../test/support/until';

/** Keeps its thread busy for as many milliseconds as it is asked to; `die` ends the thread. */
const MODULE = `export class Model {
  predict({ instances: [ms] }) {
    if (ms === 'die') process.exit(3);
    const end = performance.now() + ms;
    while (performance.now() < end);
    return { predictions: [ms] };
  }
}`;
const moduleFile = (): string => join(tempFolder({ 'busy.mjs': MODULE }), 'busy.mjs');
const predict = (port: number, body: string): ReturnType<typeof ask> => ask(port, '/v1/models/sk:predict', { body });

const BUSY_MS = 5000;

test('while a prediction keeps the processor for five seconds, probes are answered one after the other', async () => {
  const { port } = await serveProcess([`--model_module=${moduleFile()}`, '--threads=1']);
  let done = false;
  const long = predict(port, `{"instances":[${BUSY_MS}]}`).finally(() => (done = true));
  let probes = 0;
  while (!done) {
    expect((await ask(port, '/v2/health/live')).status).toBe(200);
    if (!done) probes++;
  }
  expect((await long).json()).toEqual({ predictions: [BUSY_MS] });
  // A blocked loop would let one probe wait for all of it; on a busy machine each takes its time, too.
  expect(probes).toBeGreaterThan(5);
});

test('answers, refusals and metrics of threads are those of the server', async () => {
  const { port, child, exit } = await serveProcess([`--model_dir=${IRIS_SVC}`, '--threads=2']);
  const rows = (count: number): string => JSON.stringify({ instances: Array.from({ length: count }, () => [6.8, 2.8, 4.8, 1.4]) });
  const large = await predict(port, rows(20_000));
  expect(large.status).toBe(200);
  expect((large.json() as { predictions: number[] }).predictions).toHaveLength(20_000);
  expect((await predict(port, rows(1))).json()).toEqual({ predictions: [1] });
  const wrong = await predict(port, `{"instances":[[1,2]],"pad":"${'x'.repeat(300_000)}"}`);
  expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('2')]);
  expect((await ask(port, '/metrics')).text).toMatch(/^request_predict_seconds_count\{model_name="sk"\} 3$/m);
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
});

test('a thread that dies fails its own request only, and is replaced', async () => {
  const { port } = await serveProcess([`--model_module=${moduleFile()}`, '--threads=1']);
  expect((await predict(port, '{"instances":["die"]}')).status).toBe(500);
  const statuses = new Set<number>();
  await until('the new thread answers', async () => {
    const { status } = await predict(port, '{"instances":[1]}');
    statuses.add(status);
    return status === 200;
  });
  expect([...statuses].filter((status) => ![200, 503].includes(status))).toEqual([]);
});

test('a model that cannot be loaded ends the start with one line', async () => {
  const runtime = runRuntime(['serve', `--model_dir=${tempFolder()}`, '--http_port=0', '--threads=1']);
  expect(await runtime.exit).toBe(1);
  expect(runtime.stderr()).toMatch(/^isvc-runtime serve: [^\n]+\[ISVC_MODEL_NOT_FOUND\]\n$/);
});

test('large bodies go to threads, and a model that was slow once from then on', () => {
  const offload = createOffload({ pool: { answer: () => Promise.reject(new Error('not asked')), infer: () => Promise.reject(new Error('not asked')) }, always: false });
  expect([offload.wants('m', 1000), offload.wants('m', 300_000)]).toEqual([false, true]);
  offload.kept('m', 10);
  expect(offload.wants('m', 1000)).toBe(false);
  offload.kept('m', 60);
  expect([offload.wants('m', 1000), offload.wants('other', 1000)]).toEqual([true, false]);
});

test('events are answered by threads as the variables say', async () => {
  const { port } = await serveProcess([`--model_module=${moduleFile()}`, '--threads=1'], { CE_TYPE: 'my.type', CE_SOURCE: 'here' });
  const answer = await ask(port, '/v1/models/sk:predict', { body: '{"instances":[1]}', headers: { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': 's', 'ce-type': 't' } });
  expect([answer.text, answer.headers.get('ce-type'), answer.headers.get('ce-source')]).toEqual(['{"predictions":[1]}', 'my.type', 'here']);
});

/** Answers with the thread that it ran in, after as many milliseconds as the tensor says. */
const TENSORS = `import { threadId } from 'node:worker_threads';
export class Model {
  predict({ inputs: [x] }) {
    if (x.data[0] < 0) throw new Error('a secret');
    const end = performance.now() + Number(x.data[0]);
    while (performance.now() < end);
    return { outputs: [{ name: 'thread', datatype: 'INT32', shape: [1], data: Int32Array.of(threadId) }] };
  }
}`;

test('gRPC is answered by threads: probes go on, refusals and failures keep their statuses, streams and metrics too', async () => {
  const module = join(tempFolder({ 'tensors.mjs': TENSORS }), 'tensors.mjs');
  const { port } = await serveProcess([`--model_module=${module}`, '--threads=1']);
  const client = connectGrpc(port);
  const infer = (ms: number, model = 'sk'): Promise<unknown> => askGrpc(client, 'ModelInfer', { model_name: model, inputs: [{ name: 'x', datatype: 'INT32', shape: [1], contents: { int_contents: [ms] } }] });
  let done = false;
  const long = infer(2000).finally(() => (done = true));
  let probes = 0;
  while (!done) {
    expect((await ask(port, '/v2/health/live')).status).toBe(200);
    if (!done) probes++;
  }
  const answer = (await long) as { readonly outputs: readonly { readonly contents: { readonly int_contents: readonly number[] } }[] };
  expect(answer.outputs[0]?.contents.int_contents[0]).toBeGreaterThan(0);
  expect(probes).toBeGreaterThan(5);
  await expect(infer(0, 'nothing')).rejects.toMatchObject({ code: 5 });
  await expect(infer(-1)).rejects.toMatchObject({ code: 13, details: 'Internal server error' });
  expect((await ask(port, '/metrics')).text).toMatch(/^request_predict_seconds_count\{model_name="sk"\} 2$/m);
});
