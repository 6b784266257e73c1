// Brings real object stores and a registry, once, into a cache outside the repository: Go modules are built, Azurite is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, GoMissing, goPrograms } from '../support/go-programs.mjs';

const GO_PROGRAMS = {
  versitygw: { path: 'github.com/versity/versitygw', pkg: 'github.com/versity/versitygw/cmd/versitygw', version: '1.8.0' },
  'fake-gcs-server': { path: 'github.com/fsouza/fake-gcs-server', pkg: 'github.com/fsouza/fake-gcs-server', version: '1.56.1' },
  registry: { path: 'github.com/distribution/distribution/v3', pkg: 'github.com/distribution/distribution/v3/cmd/registry', version: '3.0.0' },
};
const AZURITE = '3.37.0';

/**
 * Where each program is. What cannot be had here is not among them.
 *
 * @param report gets one line for each program that is left out, and why.
 * @returns `versitygw`, `fake-gcs-server`, `registry`: executable files; `azurite`: the script of its blob server.
 * @throws Error where building or installing fails.
 */
export function storagePrograms(report, env = process.env) {
  const cache = cacheFolder(env);
  mkdirSync(cache, { recursive: true });
  const programs = { azurite: azurite(cache) };
  for (const [name, { path, pkg, version }] of Object.entries(GO_PROGRAMS)) {
    try {
      programs[name] = join(goPrograms({ name, path, version, programs: { [name]: { pkg } } }, env), name);
    } catch (error) {
      if (!(error instanceof GoMissing)) throw error;
      report(`${name} is left out: ${error.message}`);
    }
  }
  return programs;
}

function azurite(cache) {
  const folder = join(cache, `azurite-${AZURITE}`);
  if (!existsSync(folder)) {
    process.stderr.write(`Installing azurite ${AZURITE}: about half a minute, once ...\n`);
    inPlace(cache, (work) => {
      mkdirSync(join(work, 'azurite'));
      run('npm', ['install', '--prefix', 'azurite', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', `azurite@${AZURITE}`], { cwd: work });
      renameSync(join(work, 'azurite'), folder);
    });
  }
  return join(folder, 'node_modules/azurite/dist/src/blob/main.js');
}

/** Works in a folder beside the result: a rename within one file system is atomic, so that an interrupted build leaves nothing half done. */
function inPlace(cache, make) {
  const work = mkdtempSync(join(cache, 'build-'));
  try {
    make(work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function run(command, args, options) {
  const result = spawnSync(command, args, { ...options, encoding: 'utf8', maxBuffer: 64 << 20 });
  if (result.error || result.status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${result.error?.message ?? result.stderr.slice(-2000)}`);
}
