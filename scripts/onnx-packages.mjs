// Both builds of ONNX Runtime, installed beside the workspaces in ci/onnx because together they are 430 MB.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
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

/** Installs them where that is not done yet, and gives their node_modules. */
export function onnxPackages() {
  if (!upToDate()) {
    const { status } = spawnSync('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] });
    if (status !== 0) throw new Error(`npm ci in ci/onnx ended with ${status}`);
  }
  return join(folder, 'node_modules');
}
