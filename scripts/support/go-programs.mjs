// Builds programs of a Go module, once, into a cache outside the repository.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Where Go is not there and nothing is built yet. */
export class GoMissing extends Error {}

/** The folder outside the repository that holds what was built or fetched for tests. */
export function cacheFolder(env = process.env) {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk8s-kserve');
}

/**
 * @param module `name`: what the cache calls it; `path` and `version` (without `v`) of the Go module; `about`: how long it takes;
 *   `programs`: linker flags and package by the program's name; `requires`: further modules, as `go get` takes them;
 *   `replaces`: lines for `go mod edit -replace`, from the module's own go.mod in JSON: a module's replacements bind nobody but itself;
 *   `files`: folders of modules to copy beside the programs (`{ crds: ['MODULE', 'FOLDER'] }`).
 * @returns the folder that holds the programs and the copied folders.
 * @throws GoMissing, Error where a build fails.
 */
export function goPrograms(module, env = process.env) {
  const { name, version, programs, files = {}, about = 'about a minute' } = module;
  const cache = join(cacheFolder(env), 'go');
  const folder = join(cache, `${name}-${version}-${process.arch}`);
  const complete = [...Object.keys(programs), ...Object.keys(files)].every((entry) => existsSync(join(folder, entry)));
  if (complete) return folder;
  const found = spawnSync('go', ['version'], { encoding: 'utf8' });
  if (found.error || found.status !== 0) throw new GoMissing(`Go is not installed and ${Object.keys(programs).join(', ')} ${version} is not in ${folder}; install Go 1.26 or fill that folder`);
  process.stderr.write(`Building ${Object.keys(programs).join(', ')} ${version} with ${found.stdout.trim()}: ${about} on two cores, once ...\n`);
  mkdirSync(cache, { recursive: true });
  // Beside the result: a rename within one file system is atomic, so that an interrupted build leaves nothing half done.
  const work = mkdtempSync(join(cache, 'build-'));
  try {
    const result = join(work, 'result');
    mkdirSync(result);
    build(module, join(work, 'module'), result, goIn(join(work, 'module'), join(work, 'go-cache')));
    // An older description may have left a folder with less in it.
    rmSync(folder, { recursive: true, force: true });
    renameSync(result, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}

function build({ path, version, programs, requires = [], replaces, files = {} }, folder, result, go) {
  mkdirSync(folder);
  go('mod', 'init', 'programs');
  if (replaces) {
    const { GoMod } = JSON.parse(go('mod', 'download', '-json', `${path}@v${version}`));
    for (const line of replaces(JSON.parse(go('mod', 'edit', '-json', GoMod)))) go('mod', 'edit', `-replace=${line}`);
  }
  for (const { pkg } of Object.values(programs)) go('get', '-tool', pkg.startsWith(path) ? `${pkg}@v${version}` : pkg);
  for (const required of requires) go('get', required);
  for (const [program, { pkg, ldflags = '' }] of Object.entries(programs)) {
    process.stderr.write(`  ${program} ...\n`);
    go('build', '-trimpath', '-ldflags', `-s -w ${ldflags}`.trim(), '-o', join(result, program), pkg);
  }
  for (const [target, [source, under]] of Object.entries(files)) {
    mkdirSync(dirname(join(result, target)), { recursive: true });
    cpSync(join(go('list', '-m', '-f', '{{.Dir}}', source).trim(), under), join(result, target), { recursive: true });
  }
  // The module cache is read-only, and so are copies of it.
  spawnSync('chmod', ['-R', 'u+w', result]);
}

/** A build cache of its own, gone afterwards: the compiled packages take gigabytes and nobody needs them again. */
function goIn(cwd, cache) {
  const env = { ...process.env, GOCACHE: cache, GOFLAGS: '-mod=mod -buildvcs=false', CGO_ENABLED: '0' };
  return (...args) => {
    const result = spawnSync('go', args, { cwd, env, encoding: 'utf8', maxBuffer: 64 << 20 });
    if (result.error || result.status !== 0) throw new Error(`go ${args.join(' ')} failed: ${result.error?.message ?? result.stderr.slice(-2000)}`);
    return result.stdout;
  };
}

/** Replacements by other modules, which do not depend on where the module lies. */
export function replacedByModules(goMod) {
  return (goMod.Replace ?? []).filter(({ New }) => New.Version).map(({ Old, New }) => `${Old.Path}${Old.Version ? `@${Old.Version}` : ''}=${New.Path}@${New.Version}`);
}
