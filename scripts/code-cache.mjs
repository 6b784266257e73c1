// Writes beside a bundle what V8 compiles of it until a model has answered, so that servers need not compile it at each start.
// It serves V8s of the same version and flags; the others leave it aside.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const MODEL = join(root, 'packages/runtime/test/fixtures/sklearn/svc-rbf.joblib');
const ROW = [6.8, 2.8, 4.8, 1.4];
const REQUESTS = [
  ['/v1/models/m:predict', { instances: [ROW] }],
  ['/v2/models/m/infer', { inputs: [{ name: 'input-0', shape: [1, 4], datatype: 'FP64', data: ROW }] }],
];

/** @param bundle of the runtime. */
export async function writeCodeCache(bundle) {
  rmSync(`${bundle}.cache`, { force: true });
  const args = [join(root, 'scripts/run-and-cache.cjs'), bundle, 'serve', '--model_name=m', `--model_dir=${MODEL}`, '--http_port=0', '--host=127.0.0.1'];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = new Promise((resolve) => server.once('exit', resolve));
  let log = '';
  const port = await new Promise((resolve, reject) => {
    server.stderr.setEncoding('utf8').on('data', (text) => {
      log += text;
      const found = /ready on port (\d+)/.exec(log);
      if (found) resolve(found[1]);
    });
    exited.then(() => reject(new Error(`the bundle ${bundle} does not serve: ${log}`)));
  });
  try {
    for (const [path, body] of REQUESTS) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers: { connection: 'close' }, body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`the bundle ${bundle} answers ${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
    }
  } finally {
    server.kill('SIGTERM');
  }
  const code = await exited;
  if (code !== 0) throw new Error(`the bundle ${bundle} ended with ${code}: ${log}`);
}
