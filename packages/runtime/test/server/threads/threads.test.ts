import { join } from 'node:path';
import { createOffload } from '../../../src/server/threads/offload';
import { predict as predictOperation } from '../../../src/protocols/v1/operations';
import { ask } from '../../support/http';
import { IRIS_SVC, runRuntime, serveProcess } from '../../support/runtime-process';
import { tempFolder } from '../../support/temp-folder';

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

test('while a prediction keeps the processor for five seconds, probes are answered in a small part of that', async () => {
  const { port } = await serveProcess([`--model_module=${moduleFile()}`, '--threads=1']);
  let done = false;
  const long = predict(port, `{"instances":[${BUSY_MS}]}`).finally(() => (done = true));
  const waits: number[] = [];
  while (!done) {
    const start = performance.now();
    expect((await ask(port, '/v2/health/live')).status).toBe(200);
    if (!done) waits.push(performance.now() - start);
  }
  expect((await long).json()).toEqual({ predictions: [BUSY_MS] });
  waits.sort((a, b) => a - b);
  expect(waits.length).toBeGreaterThan(20);
  // A blocked loop would let one probe wait for all of it; the typical one must not notice.
  expect(waits.at(-1)).toBeLessThan(BUSY_MS / 5);
  expect(waits[Math.floor(waits.length / 2)]).toBeLessThan(BUSY_MS / 50);
}, 30_000);

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
  let status = 503;
  for (const end = performance.now() + 10_000; status === 503 && performance.now() < end;) status = (await predict(port, '{"instances":[1]}')).status;
  expect(status).toBe(200);
});

test('a model that cannot be loaded ends the start with one line', async () => {
  const runtime = runRuntime(['serve', `--model_dir=${tempFolder()}`, '--http_port=0', '--threads=1']);
  expect(await runtime.exit).toBe(1);
  expect(runtime.stderr()).toMatch(/^isvc-runtime serve: [^\n]+\[ISVC_MODEL_NOT_FOUND\]\n$/);
});

test('large bodies go to threads, and a model that was slow once from then on', () => {
  const offload = createOffload({ pool: { answer: () => Promise.reject(new Error('not asked')) }, always: false });
  const call = { operation: predictOperation, model: 'm' };
  expect([offload.wants(call, 1000), offload.wants(call, 300_000)]).toEqual([false, true]);
  offload.kept(call, 10);
  expect(offload.wants(call, 1000)).toBe(false);
  offload.kept(call, 60);
  expect([offload.wants(call, 1000), offload.wants({ ...call, model: 'other' }, 1000)]).toEqual([true, false]);
});

test('events are answered by threads as the variables say', async () => {
  const { port } = await serveProcess([`--model_module=${moduleFile()}`, '--threads=1'], { CE_TYPE: 'my.type', CE_SOURCE: 'here' });
  const answer = await ask(port, '/v1/models/sk:predict', { body: '{"instances":[1]}', headers: { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': 's', 'ce-type': 't' } });
  expect([answer.text, answer.headers.get('ce-type'), answer.headers.get('ce-source')]).toEqual(['{"predictions":[1]}', 'my.type', 'here']);
});
