// Real clients of others (tritonclient, KServe's SDK, cloudevents, Prometheus's parser) against a server of ours. Needs Python
// 3.10 to 3.12; the clients go into an environment in the user's cache.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const clients = join(root, 'test/python-clients');
const fixtures = join(root, 'packages/runtime/test/fixtures');

function must(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}; the clients need Python 3.10 to 3.12 and a package index`);
}

/** Python with the clients, made once for each list of them. */
function pythonWithClients() {
  const requirements = join(clients, 'requirements.txt');
  const name = `clients-${createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12)}`;
  const venv = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk8s-kserve', name);
  if (!existsSync(join(venv, 'complete'))) {
    rmSync(venv, { recursive: true, force: true });
    must('python3', ['-m', 'venv', venv]);
    must(join(venv, 'bin/pip'), ['install', '--quiet', '-r', requirements]);
    mkdirSync(join(venv, 'complete'));
  }
  return join(venv, 'bin/python');
}

/** A folder for each model, as `--model_dir` takes it. */
function modelsIn(folder) {
  for (const [name, file, as] of [['svc', 'sklearn/svc-rbf.joblib', 'model.joblib'], ['species', 'pmml/forest-classifier.pmml', 'model.pmml']]) {
    mkdirSync(join(folder, name));
    copyFileSync(join(fixtures, file), join(folder, name, as));
  }
}

/** @returns the child and its two ports. */
async function startServer(folder) {
  const server = spawn(process.execPath, [join(root, 'packages/runtime/bin/isvc-runtime.js'), 'serve', `--model_dir=${folder}`, '--http_port=0', '--grpc_port=0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  const ports = await new Promise((resolve, reject) => {
    server.stderr.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      const [http, grpc] = [/ready on port (\d+)/.exec(text)?.[1], /for gRPC also on port (\d+)/.exec(text)?.[1]];
      if (http && grpc) resolve({ http, grpc });
    });
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)));
  });
  return { server, ports };
}

if (spawnSync('python3', ['--version']).status !== 0) {
  console.log('skipped: there is no python3');
  process.exit(0);
}
const python = pythonWithClients();
const folder = mkdtempSync(join(tmpdir(), 'isvc-clients-'));
modelsIn(folder);
const { server, ports } = await startServer(folder);
try {
  for (const file of ['triton_clients.py', 'kserve_clients.py']) {
    const { status } = spawnSync(python, [join(clients, file), ...process.argv.slice(2)], { stdio: 'inherit', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ISVC_HTTP: ports.http, ISVC_GRPC: ports.grpc } });
    if (status !== 0) process.exitCode = 1;
  }
} finally {
  server.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
