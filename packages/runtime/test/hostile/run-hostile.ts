import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { build, type Plugin } from 'esbuild';
import type { HostileReport } from './report';

const REPOSITORY = join(__dirname, '../../../..');

/** Node's permission model, by its name in newer releases or in those before 22.13. */
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';

/** An artifact that keeps the process longer is one it hangs at; the machine may be busy. */
const SILENCE_MS = 60_000;

/** Bundled modules find their fixtures where their source lies. */
const sourceFolders: Plugin = {
  name: 'source-folders',
  setup: (bundler) => {
    bundler.onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, ({ path }) => ({ contents: readFileSync(path, 'utf8').replaceAll('__dirname', JSON.stringify(dirname(path))), loader: 'ts' }));
  },
};

/**
 * Opens generated artifacts in a process that may read the fixtures, write one folder, and nothing else.
 *
 * @throws Error that names the artifact at which the process hung or died.
 */
export async function runHostile(options: { readonly seed: number; readonly total: number }): Promise<HostileReport> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'isvc-hostile-')));
  const scratch = join(folder, 'scratch');
  mkdirSync(scratch);
  try {
    const program = join(folder, 'run-artifacts.cjs');
    await build({
      entryPoints: [join(__dirname, 'run-artifacts.ts')], outfile: program, bundle: true, platform: 'node', format: 'cjs', target: 'node20', keepNames: true, logLevel: 'error',
      alias: { 'cdk8s-kserve/api': join(REPOSITORY, 'src/api/index.ts') }, external: ['onnxruntime-node', 'onnxruntime-web', '@grpc/*'], plugins: [sourceFolders],
    });
    return await watch([
      PERMISSION, `--allow-fs-read=${program}`, `--allow-fs-read=${realpathSync(join(__dirname, '../fixtures'))}/*`, `--allow-fs-read=${scratch}/*`, `--allow-fs-write=${scratch}/*`,
      '--disallow-code-generation-from-strings', '--no-addons', '--max-old-space-size=512', '--no-warnings', program, JSON.stringify({ ...options, scratch }),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function watch(args: readonly string[]): Promise<HostileReport> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: {} });
    let last = 'nothing yet';
    let complaints = '';
    let silence = setTimeout(() => child.kill('SIGKILL'), SILENCE_MS);
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-2000)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      clearTimeout(silence);
      silence = setTimeout(() => child.kill('SIGKILL'), SILENCE_MS);
      last = line;
    });
    child.on('error', reject).on('close', (code, signal) => {
      clearTimeout(silence);
      if (code === 0 && last.startsWith('done ')) resolve(JSON.parse(last.slice('done '.length)) as HostileReport);
      else reject(new Error(`the process ended with ${code ?? signal} ${last}\n${complaints}`));
    });
  });
}
