// Builds etcd, kube-apiserver and kube-controller-manager from their Go modules, once, into a cache outside the repository.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const ETCD = '3.7.3';
const KUBERNETES = '1.36.3';
/** The k8s.io modules of a Kubernetes release carry its minor and patch number behind a zero. */
const STAGING = KUBERNETES.replace(/^1\./, '0.');

export const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager'];

/** Where Go is not there and nothing is built yet. */
export class GoMissing extends Error {}

/**
 * The folder that holds the programs: `KUBEBUILDER_ASSETS` as it is, or the cache, filled first if need be.
 *
 * @throws GoMissing
 */
export function clusterPrograms(env = process.env) {
  const given = env.KUBEBUILDER_ASSETS;
  if (given) {
    const missing = PROGRAMS.filter((name) => !existsSync(join(given, name)));
    if (missing.length > 0) throw new Error(`KUBEBUILDER_ASSETS is ${given}, which lacks ${missing.join(', ')}`);
    return given;
  }
  const folder = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk8s-kserve', `etcd-${ETCD}-kubernetes-${KUBERNETES}-${process.arch}`);
  if (PROGRAMS.every((name) => existsSync(join(folder, name)))) return folder;
  const version = spawnSync('go', ['version'], { encoding: 'utf8' });
  if (version.error || version.status !== 0) throw new GoMissing('Go is not installed and the programs are not in the cache; install Go 1.26 or set KUBEBUILDER_ASSETS to a folder that has them');
  process.stderr.write(`Building ${PROGRAMS.join(', ')} with ${version.stdout.trim()}: about five minutes on two cores, once ...\n`);
  mkdirSync(folder, { recursive: true });
  // Beside the result: a rename within one file system is atomic, so that an interrupted build leaves nothing half done.
  const work = mkdtempSync(join(folder, 'build-'));
  try {
    buildAll(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}

function buildAll(work, folder) {
  // A build cache of its own, gone afterwards: the compiled packages take gigabytes and nobody needs them again.
  const go = goIn({ GOCACHE: join(work, 'go-cache'), GOFLAGS: '-mod=mod -buildvcs=false', CGO_ENABLED: '0' });
  const etcd = join(work, 'etcd');
  go(etcd, 'mod', 'init', 'cluster');
  go(etcd, 'get', '-tool', `go.etcd.io/etcd/server/v3@v${ETCD}`);
  link(go, etcd, folder, 'etcd', 'go.etcd.io/etcd/server/v3', '-s -w');

  const kubernetes = join(work, 'kubernetes');
  go(kubernetes, 'mod', 'init', 'cluster');
  for (const module of stagingModules(go, kubernetes)) go(kubernetes, 'mod', 'edit', `-replace=${module}=${module}@v${STAGING}`);
  const [major, minor] = KUBERNETES.split('.');
  const version = 'k8s.io/component-base/version';
  // A plain build has a version that kubectl cannot read.
  const flags = `-s -w -X ${version}.gitVersion=v${KUBERNETES} -X ${version}.gitMajor=${major} -X ${version}.gitMinor=${minor}`;
  for (const name of ['kube-apiserver', 'kube-controller-manager']) {
    go(kubernetes, 'get', '-tool', `k8s.io/kubernetes/cmd/${name}@v${KUBERNETES}`);
    link(go, kubernetes, folder, name, `k8s.io/kubernetes/cmd/${name}`, flags);
  }
}

/** Kubernetes requires its own modules at v0.0.0 and replaces them inside its repository only. */
function stagingModules(go, folder) {
  const downloaded = JSON.parse(go(folder, 'mod', 'download', '-json', `k8s.io/kubernetes@v${KUBERNETES}`));
  return [...readFileSync(downloaded.GoMod, 'utf8').matchAll(/^\s+(k8s\.io\/[a-z-]+) v0\.0\.0$/gm)].map((match) => match[1]);
}

function link(go, folder, target, name, pkg, flags) {
  process.stderr.write(`  ${name} ...\n`);
  go(folder, 'build', '-trimpath', '-ldflags', flags, '-o', join(folder, name), pkg);
  renameSync(join(folder, name), join(target, name));
}

function goIn(env) {
  return (cwd, ...args) => {
    mkdirSync(cwd, { recursive: true });
    const result = spawnSync('go', args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8', maxBuffer: 64 << 20 });
    if (result.error || result.status !== 0) throw new Error(`go ${args.join(' ')} failed: ${result.error?.message ?? result.stderr.slice(-2000)}`);
    return result.stdout;
  };
}
