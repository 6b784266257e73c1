// Runs a projen task on any clone: installs what is missing first. Uses nothing but Node.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [task, ...args] = process.argv.slice(2);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old; cdk8s-kserve needs Node 20.19 or newer`);
}
if (!task) fail('usage: node scripts/run.mjs TASK [ARGS...]');

installIfNeeded();
run(process.execPath, [join(root, 'node_modules/projen/bin/projen'), task, ...args]);

/** `npm ci` when node_modules is absent or was installed from another lock file. */
function installIfNeeded() {
  const stamp = join(root, 'node_modules/.cdk8s-kserve-lock');
  const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write('Installing dependencies with npm ci (once per lock file, about half a minute) ...\n');
  run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lock);
}

function run(command, argv) {
  const result = spawnSync(command, argv, { cwd: root, stdio: 'inherit' });
  if (result.error) fail(`cannot start ${command}: ${result.error.message}`);
  if (result.signal) process.kill(process.pid, result.signal);
  if (result.status !== 0) {
    if (argv[0] === 'ci') fail('npm ci failed; see its message above');
    process.exit(result.status ?? 1);
  }
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
