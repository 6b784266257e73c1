import { execFileSync, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { KubeObject } from 'cdk8s-kserve/api';
import type { HttpKubeApi, startController } from 'cdk8s-kserve-controller';

const ROOT = resolve(__dirname, '../../../..');

/** A revision of this repository that users may be upgrading from. */
export interface PreviousRevision {
  /** As git was asked for it. */
  readonly name: string;
  readonly commit: string;
}

/** The controller of another revision, as far as a test needs it. */
export interface PreviousController {
  readonly HttpKubeApi: typeof HttpKubeApi;
  readonly startController: typeof startController;
  readonly customResourceDefinitions: () => readonly KubeObject[];
}

/**
 * `ISVC_UPGRADE_FROM` if set; else the last release, which is what users upgrade from; else, before the first release, the
 * previous commit. Undefined without a history, as in a shallow clone or an unpacked archive.
 *
 * @throws Error where `ISVC_UPGRADE_FROM` names nothing.
 */
export function previousRevision(env = process.env): PreviousRevision | undefined {
  const asked = env['ISVC_UPGRADE_FROM'];
  const name = asked ?? (git('describe', '--tags', '--abbrev=0') || 'HEAD~1');
  const commit = git('rev-parse', '--verify', '--quiet', `${name}^{commit}`);
  if (commit) return { name, commit };
  if (asked) throw new Error(`ISVC_UPGRADE_FROM is ${asked}, which is no commit of this clone; fetch it first`);
  return undefined;
}

/** The text of a file as it was; empty where it was not. */
export function fileAt({ commit }: PreviousRevision, path: string): string {
  return git('show', `${commit}:${path}`);
}

/** Packs the controller of a revision into a folder of the caller's, without touching the working tree, and loads it. */
export function loadPreviousController({ commit }: PreviousRevision, folder: string): PreviousController {
  const archive = execFileSync('git', ['archive', commit, 'src', 'packages/controller/src'], { cwd: ROOT, maxBuffer: 256 << 20 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  const entry = `export { HttpKubeApi, startController } from './packages/controller/src/index';\nexport { customResourceDefinitions } from './src/api/index';\n`;
  const outfile = join(folder, 'controller.cjs');
  execFileSync(
    join(ROOT, 'node_modules/.bin/esbuild'),
    [
      '--bundle', '--platform=node', '--format=cjs', '--target=node20', '--log-level=error',
      // Only a kubeconfig that is no plain one needs it.
      '--external:@kubernetes/client-node', `--alias:cdk8s-kserve=${join(folder, 'src')}`, `--outfile=${outfile}`, '--loader=ts',
    ],
    // What it depends on comes from here: a change of versions is not what this is about.
    { input: entry, cwd: folder, env: { ...process.env, NODE_PATH: join(ROOT, 'node_modules') } },
  );
  return createRequire(__filename)(outfile) as PreviousController;
}

function git(...args: readonly string[]): string {
  const { status, stdout } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 << 20 });
  return status === 0 ? stdout.trim() : '';
}
