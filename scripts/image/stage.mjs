// Writes the build context of the image: bundled programs, no node_modules.
//   node scripts/image/stage.mjs [FOLDER] [--onnx] [--arch x64|arm64]
// --onnx adds ONNX Runtime, for the architecture of this machine or of --arch.
import { build } from 'esbuild';
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { writeCodeCache } from '../code-cache.mjs';
import { stageOnnx } from './onnx.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Packages with native files are not part of a bundle; they go in beside it where they are wanted. */
const EXTERNAL = ['onnxruntime-node'];
/** 6 MB of source that a process keeps in memory for as long as it lives. In a cluster nothing asks for it: only kubeconfigs with plugins do. */
const FOR_PLUGINS = '@kubernetes/client-node';

/** @param onnx whether ONNX Runtime goes in. @param arch Node's name of the architecture it is for. */
export async function stage(folder = join(root, '.build/image'), { onnx = false, arch } = {}) {
  const app = join(folder, 'app');
  rmSync(app, { recursive: true, force: true });
  for (const program of ['runtime', 'controller']) {
    const lib = join(app, program, 'lib');
    mkdirSync(lib, { recursive: true });
    // Programs look for their version in the package.json above lib.
    copyFileSync(join(root, 'packages', program, 'package.json'), join(app, program, 'package.json'));
    const entry = join(root, 'packages', program, 'lib/main.js');
    if (!existsSync(entry)) throw new Error('the programs are not compiled; run "npm run build" first');
    await bundle(entry, join(lib, 'bundle.js'), [...EXTERNAL, FOR_PLUGINS]);
    if (program === 'runtime') await bundle(entry, join(lib, 'fetch-bundle.js'), ['*/serve-command']);
    if (program === 'controller') await bundle(fileURLToPath(import.meta.resolve(FOR_PLUGINS)), join(app, program, 'node_modules', FOR_PLUGINS, 'index.js'), []);
  }
  // Workers and threads are started by the launcher's path.
  cpSync(join(root, 'packages/runtime/bin'), join(app, 'runtime/bin'), { recursive: true });
  // It helps where this Node has the V8 of the image's.
  await writeCodeCache(join(app, 'runtime/lib/bundle.js'));
  copyFileSync(join(root, 'image/isvc.cjs'), join(app, 'isvc.cjs'));
  copyFileSync(join(root, 'image/Dockerfile'), join(folder, 'Dockerfile'));
  cpSync(join(root, 'LICENSE'), join(app, 'LICENSE'));
  if (onnx) stageOnnx(app, arch);
  return folder;
}

function bundle(entry, outfile, external) {
  return build({ entryPoints: [entry], outfile, bundle: true, minifySyntax: true, minifyWhitespace: true, platform: 'node', format: 'cjs', target: 'node20',
    external, keepNames: false, legalComments: 'eof', logLevel: 'error', logOverride: { 'require-resolve-not-external': 'silent' } });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { onnx: { type: 'boolean' }, arch: { type: 'string' } } });
  process.stdout.write(`${await stage(positionals[0], values)}\n`);
}
