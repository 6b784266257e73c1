// `npm run test:storage [-- JEST ARGS]`: the storage sources against real servers: versitygw (S3), fake-gcs-server, Azurite, the registry of Distribution, git.
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { storagePrograms } from './programs.mjs';
import { startStorage } from './start.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const SUITES = ['packages/runtime/test/storage/real-servers', 'packages/runtime/test/storage/git/git-backend.test.ts'];

const began = Date.now();
const say = (line) => process.stdout.write(`${line}\n`);
const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`;

const programs = storagePrograms((line) => say(`skipped: ${line}`));
if (!spawnSync('git', ['--exec-path']).stdout?.length) say('skipped: git is not installed');
const servers = await startStorage(programs);
const interrupt = () => void servers.stop().finally(() => process.exit(130));
process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
let code;
try {
  say(`${Object.keys(servers.pids).join(', ')} answer after ${seconds()}`);
  code = await jest(['--runInBand', '--ci', ...SUITES.map((path) => join(root, path)), ...process.argv.slice(2)], servers.env);
} finally {
  await servers.stop();
}
say(`\ntest:storage ${code === 0 ? 'passed' : 'failed'} after ${seconds()}`);
process.exit(code);

function jest(args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), '-c', 'config/jest.config.cjs', ...args], { cwd: root, env: { ...process.env, ...env }, stdio: 'inherit' });
    child.once('error', reject).once('close', resolve);
  });
}
