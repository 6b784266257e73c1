// Packs the programs into one file each, after the compiler. A model server that starts in a cluster, and `isvc` on a
// laptop, spend most of their start on finding and opening modules; one file has nothing to find. The launchers in
// packages/*/bin use the bundle when it is newer than what the compiler wrote, else the compiled modules.
import { build } from 'esbuild';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeCodeCache } from './code-cache.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** ES modules are loaded by import() when they are needed; the runtime is a package whose own program is started. */
const PROGRAMS = [
  { folder: 'packages/runtime', outfile: 'bundle.js', external: ['@grpc/*', 'onnxruntime-node', 'onnxruntime-web'] },
  // The fetcher starts in every pod, and the server is two thirds of the program. Its launcher knows when nobody will ask for that.
  { folder: 'packages/runtime', outfile: 'fetch-bundle.js', external: ['*/serve-command'] },
  { folder: 'packages/cli', outfile: 'bundle.js', external: ['@kubernetes/client-node', '@marcbachmann/cel-js', 'cdk8s-kserve-runtime', 'cdk8s-kserve-runtime/*'] },
];

await Promise.all(
  PROGRAMS.map(({ folder, outfile, external }) =>
    build({
      entryPoints: [join(root, folder, 'lib/main.js')],
      // Beside main.js: code that looks for its package.json by __dirname finds it from here too.
      outfile: join(root, folder, 'lib', outfile),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      external,
      // Names are kept anyway, as nothing is minified; keepNames would name every closure again when it is made, request by request.
      keepNames: false,
      legalComments: 'none',
      logLevel: 'error',
      logOverride: { 'require-resolve-not-external': 'silent' },
    }),
  ),
);

await writeCodeCache(join(root, 'packages/runtime/lib/bundle.js'));
