// The tests that need ONNX Runtime, with both of its builds. They are installed beside the workspaces, in ci/onnx, because
// together they are 430 MB; Node's own test runner is used because native code gives arrays of another realm than jest's.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'ci/onnx');
const installed = join(folder, 'node_modules/.package-lock.json');

/** Whether what is installed is what the lock file says. */
function upToDate() {
  if (!existsSync(installed)) return false;
  const versions = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const [have, want] = [versions(installed), versions(join(folder, 'package-lock.json'))];
  return Object.keys(want).every((name) => name === '' || have[name]?.version === want[name].version);
}

function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) process.exit(status ?? 1);
}

if (!upToDate()) run('npm', ['ci', '--prefix', 'ci/onnx', '--no-audit', '--no-fund', '--loglevel=error']);
const tests = join(root, 'packages/runtime/test/onnx-runtime');
const files = readdirSync(tests).filter((name) => name.endsWith('.check.ts')).map((name) => join(tests, name));
run(process.execPath, ['--import', 'tsx', '--test', '--test-reporter=spec', ...files], { NODE_PATH: join(folder, 'node_modules') });
