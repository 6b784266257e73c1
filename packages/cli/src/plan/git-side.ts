import { execFile } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { IsvcError } from 'cdk8s-kserve/api';
import { isManifestFile } from '../manifests/load-folder';
import type { LocatedProblem, Manifest } from '../manifests/manifest';
import { parseManifests } from '../manifests/parse-manifests';
import { renderSide, type PlanSide } from './load-side';

const run = promisify(execFile);
const MAX_OUTPUT = 256 * 1024 * 1024;

/**
 * The folder as it was at a git revision. A folder that did not exist then is an empty side: everything is new.
 *
 * @throws IsvcError ISVC_CLI_AGAINST when there is no repository, no git, or no such revision.
 */
export async function gitSide(revision: string, folder: string, beside: readonly Manifest[]): Promise<PlanSide> {
  const path = await realpath(resolve(folder));
  const top = (await git(dirname(path), revision, ['rev-parse', '--show-toplevel'])).trim();
  await git(top, revision, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]);
  const inside = relative(await realpath(top), path);
  const listing = await git(top, revision, ['ls-tree', '-r', '-z', '--name-only', `${revision}^{commit}`, '--', inside === '' ? '.' : inside]);
  const isFolder = (await stat(path)).isDirectory();
  const files = listing.split('\0').filter((file) => file !== '' && (!isFolder || isManifestFile(file)));
  const manifests: Manifest[] = [];
  const problems: LocatedProblem[] = [];
  for (const file of files) {
    const parsed = parseManifests(await git(top, revision, ['show', `${revision}:${file}`]), `${revision}:${file}`);
    manifests.push(...parsed.manifests);
    problems.push(...parsed.problems);
  }
  return renderSide(manifests, beside, problems);
}

async function git(cwd: string, revision: string, args: readonly string[]): Promise<string> {
  if (revision.startsWith('-')) throw new IsvcError('ISVC_CLI_AGAINST', `"${revision}" is not a git revision`);
  try {
    return (await run('git', [...args], { cwd, maxBuffer: MAX_OUTPUT })).stdout;
  } catch (error) {
    const { stderr = '', code } = error as { readonly stderr?: string; readonly code?: string | number };
    const why = code === 'ENOENT' ? 'git is not installed' : stderr.trim().split('\n')[0] || `there is no revision "${revision}"`;
    throw new IsvcError('ISVC_CLI_AGAINST', `cannot read git:${revision}: ${why}`, { hint: 'name a branch, a tag or a commit of the repository that holds the folder', cause: error });
  }
}
