// The tests that need ONNX Runtime, with both of its builds. Node's own test runner is used because native code gives
// arrays of another realm than jest's.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onnxPackages } from './onnx-packages.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const tests = join(root, 'packages/runtime/test/onnx-runtime');
const files = readdirSync(tests).filter((name) => name.endsWith('.check.ts')).map((name) => join(tests, name));
const { status } = spawnSync(process.execPath, ['--import', 'tsx', '--test', '--test-reporter=spec', ...files], { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_PATH: onnxPackages() } });
process.exit(status ?? 1);
