import { join } from 'node:path';
import { ask } from '../../support/http';
import { type RuntimeProcess, runRuntime } from '../../support/runtime-process';
import { tempFolder } from '../../support/temp-folder';
import { until } from '../../../../../test/support/until';

/** Answers with the process it runs in; `{"instances":["die"]}` ends that process. */
const MODULE = 'export class Model { predict({ instances }) { if (instances[0] === "die") process.exit(9); return { predictions: [process.pid] }; } }';

async function serveWorkers(args: readonly string[] = []): Promise<RuntimeProcess & { readonly port: number }> {
  const runtime = runRuntime(['serve', '--model_name=own', `--model_module=${join(tempFolder({ 'own.mjs': MODULE }), 'own.mjs')}`, '--http_port=0', '--workers=2', ...args]);
  await until('two workers: ready', () => runtime.stderr().includes('2 workers ready on port'));
  return { ...runtime, port: Number(/workers ready on port (\d+)/.exec(runtime.stderr())?.[1]) };
}

async function predict(port: number, instance = 'x'): Promise<number> {
  const answer = await ask(port, '/v1/models/own:predict', { body: JSON.stringify({ instances: [instance] }) });
  return (answer.json() as { predictions: number[] }).predictions[0] ?? 0;
}

/** Connections go to the workers in turn, so a few are enough to meet all of them. */
async function pidsOf(port: number): Promise<ReadonlySet<number>> {
  return new Set(await Promise.all(Array.from({ length: 8 }, () => predict(port))));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('two processes share the port and the load, metrics are those of both, SIGTERM ends both with 0', async () => {
  const { port, child, exit } = await serveWorkers();
  const pids = await pidsOf(port);
  expect(pids.size).toBe(2);
  expect(pids).not.toContain(child.pid);
  for (let scrape = 0; scrape < 3; scrape++) {
    const { text } = await ask(port, '/metrics');
    expect(text).toMatch(/^request_predict_seconds_count\{model_name="own"\} 8$/m);
    expect(text).toMatch(/^request_predict_seconds_bucket\{le="\+Inf",model_name="own"\} 8$/m);
    expect(text).toMatch(/^process_cpu_seconds_total \d/m);
  }
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  await until('the workers: ended', () => [...pids].every((pid) => !isAlive(pid)));
});

test('a worker that dies is replaced, the other one answers meanwhile', async () => {
  const { port, stderr } = await serveWorkers();
  const before = await pidsOf(port);
  await expect(predict(port, 'die')).rejects.toThrow();
  expect(before).toContain(await predict(port));
  await until('a new worker: ready', () => stderr().includes('the new worker is ready'));
  const after = await pidsOf(port);
  expect(after.size).toBe(2);
  expect([...after].filter((pid) => !before.has(pid))).toHaveLength(1);
});

test('a model that cannot be loaded ends all of it, with the reason', async () => {
  const runtime = runRuntime(['serve', `--model_dir=${tempFolder()}`, '--http_port=0', '--workers=2']);
  expect(await runtime.exit).toBe(1);
  expect(runtime.stderr()).toContain('[ISVC_MODEL_NOT_FOUND]');
  expect(runtime.stderr()).toMatch(/\[ISVC_SERVER_WORKER\]\n$/);
});

test('workers do not outlive their parent', async () => {
  const { port, child, exit } = await serveWorkers();
  const pids = await pidsOf(port);
  child.kill('SIGKILL');
  expect(await exit).toBe('SIGKILL');
  await until('the workers: ended', () => [...pids].every((pid) => !isAlive(pid)));
});
