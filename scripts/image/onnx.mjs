// What the variant of the image for ONNX models has more: ONNX Runtime's native build for one architecture.
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { onnxPackages } from '../onnx-packages.mjs';

/** Node's names of the architectures that ONNX Runtime is built for on Linux. */
export const ARCHITECTURES = ['x64', 'arm64'];

/**
 * Copies the packages into `app/node_modules`. The libraries of other systems stay behind (five sixths of them), and so
 * do onnxruntime-node's other dependencies, which only its installer uses.
 */
export function stageOnnx(app, arch = process.arch) {
  if (!ARCHITECTURES.includes(arch)) throw new Error(`there is no ONNX Runtime for "${arch}"; use one of ${ARCHITECTURES.join(', ')}`);
  const from = onnxPackages();
  const to = join(app, 'node_modules');
  const libraries = 'onnxruntime-node/bin/napi-v6';
  // The packages hold no licence files; package.json and README name the licence.
  for (const name of ['onnxruntime-node', 'onnxruntime-common']) copy(from, to, `${name}/package.json`, `${name}/README.md`);
  copy(from, to, 'onnxruntime-node/dist', `${libraries}/linux/${arch}`, 'onnxruntime-common/dist/cjs');
}

function copy(from, to, ...paths) {
  for (const path of paths) {
    if (!existsSync(join(from, path))) throw new Error(`${path} is not in ci/onnx/node_modules; the layout of ONNX Runtime's packages has changed`);
    mkdirSync(dirname(join(to, path)), { recursive: true });
    // Types and maps are for editors.
    cpSync(join(from, path), join(to, path), { recursive: true, filter: (file) => !/\.(d\.ts|map)$/.test(basename(file)) });
  }
}
