import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, mkdirSync, copyFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { median } from '../support/median';
import { ownedProcess } from '../support/owned';
import { REPOSITORY } from '../support/program';
import { timeNode } from '../support/timed-process';

const ROUNDS = 5;
const EXAMPLE = join(REPOSITORY, 'examples/01-first-model');

/** How long from `isvc run` to the first correct answer, through API server, controller, kubelet and gateway? */
export async function run(): Promise<void> {
  const bare = timeNode(['-e', ''], ROUNDS);
  console.log(`isvc run to first correct answer, median of ${ROUNDS} runs`);
  for (const mode of ['rawdeployment', 'serverless'] as const) {
    const times: number[] = [];
    for (let i = 0; i < ROUNDS; i++) times.push(await startToAnswer(mode));
    console.log(`  ${mode.padEnd(14)} ${median(times).toFixed(0).padStart(5)} ms  ${(median(times) / bare).toFixed(1)} times an empty Node process`);
  }
}

async function startToAnswer(mode: 'rawdeployment' | 'serverless'): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'isvc-bench-'));
  mkdirSync(join(folder, 'dist'));
  copyFileSync(join(EXAMPLE, `dist/iris-${mode}.k8s.yaml`), join(folder, 'dist/iris.yaml'));
  const begun = performance.now();
  const args = ['packages/cli/bin/isvc.js', 'run', join(folder, 'dist'), '--port', '0', '--json', '--map', `pvc://iris-models=${join(EXAMPLE, 'models')}`];
  const child = ownedProcess(spawn(process.execPath, args, { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'inherit'] }));
  try {
    const { gateway, services } = await readyEvent(child.stdout);
    const answer = await predict(gateway, new URL(services[0]?.url ?? '').host);
    const elapsed = performance.now() - begun;
    assert.equal(answer, '{"predictions":[1]}');
    return elapsed;
  } finally {
    child.kill('SIGTERM');
    await once(child, 'close');
    rmSync(folder, { recursive: true, force: true });
  }
}

interface ReadyEvent {
  readonly event: string;
  readonly gateway: string;
  readonly services: readonly { readonly url: string }[];
}

async function readyEvent(stdout: NodeJS.ReadableStream): Promise<ReadyEvent> {
  for await (const line of createInterface({ input: stdout })) {
    const event = JSON.parse(line) as ReadyEvent;
    if (event.event === 'ready') return event;
  }
  throw new Error('isvc run ended before it was ready');
}

function predict(gateway: string, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(new URL('/v1/models/iris:predict', gateway), { method: 'POST', headers: { host, 'content-type': 'application/json' } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => resolve(text));
    });
    call.on('error', reject);
    call.end('{"instances":[[6.8,2.8,4.8,1.4]]}');
  });
}
