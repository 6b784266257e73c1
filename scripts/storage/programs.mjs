// Brings real object stores and a registry, once, into a cache outside the repository: Go modules are built, Azurite is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** One module a program: together they would have to agree on their dependencies. */
const GO_PROGRAMS = {
  versitygw: { pkg: 'github.com/versity/versitygw/cmd/versitygw', version: '1.8.0' },
  'fake-gcs-server': { pkg: 'github.com/fsouza/fake-gcs-server', version: '1.56.1' },
  registry: { pkg: 'github.com/distribution/distribution/v3/cmd/registry', version: '3.0.0' },
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
  const cache = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk8s-kserve');
  mkdirSync(cache, { recursive: true });
  const programs = { azurite: azurite(cache) };
  for (const [name, { pkg, version }] of Object.entries(GO_PROGRAMS)) {
    const file = join(cache, `${name}-${version}-${process.arch}`);
    if (existsSync(file) || built(name, pkg, version, file, cache, report)) programs[name] = file;
  }
  return programs;
}

function built(name, pkg, version, file, cache, report) {
  if (spawnSync('go', ['version']).status !== 0) {
    report(`${name} is left out: Go is not installed and it is not in ${cache}`);
    return false;
  }
  process.stderr.write(`Building ${name} ${version}: about a minute on two cores, once ...\n`);
  inPlace(cache, (work) => {
    // A build cache of its own, gone afterwards: nobody needs the compiled packages again.
    const env = { ...process.env, GOCACHE: join(work, 'go-cache'), GOFLAGS: '-mod=mod -buildvcs=false', CGO_ENABLED: '0' };
    run('go', ['mod', 'init', 'x'], { cwd: work, env });
    run('go', ['get', '-tool', `${pkg}@v${version}`], { cwd: work, env });
    run('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', name, pkg], { cwd: work, env });
    renameSync(join(work, name), file);
  });
  return true;
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
