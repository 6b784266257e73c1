import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { LocatedProblem, Manifest } from './manifest';
import { parseManifests } from './parse-manifests';

const MANIFEST = /\.(ya?ml|json)$/i;
/** Files of a GitOps folder that are for other tools. */
const NOT_OBJECTS = new Set(['kustomization.yaml', 'kustomization.yml', 'construct-metadata.json', 'cdk8s.yaml', 'package.json', 'package-lock.json', 'tsconfig.json']);

export interface LoadedFolder {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly LocatedProblem[];
  /** Number of files read. */
  readonly files: number;
}

/**
 * Reads every manifest of a folder (sub-folders included) or of one file.
 *
 * @throws IsvcError ISVC_CLI_NO_MANIFESTS when the path does not exist or holds no object at all.
 */
export async function loadFolder(path: string): Promise<LoadedFolder> {
  const files = await manifestFiles(path);
  const manifests: Manifest[] = [];
  const problems: LocatedProblem[] = [];
  for (const file of files) {
    const parsed = parseManifests(await readFile(file, 'utf8'), file);
    manifests.push(...parsed.manifests);
    problems.push(...parsed.problems);
  }
  if (manifests.length === 0 && problems.length === 0) {
    throw new IsvcError('ISVC_CLI_NO_MANIFESTS', `${path} holds no Kubernetes objects (${files.length} YAML or JSON files read)`, {
      hint: 'name the folder that "cdk8s synth" writes to, usually dist',
    });
  }
  return { manifests, problems, files: files.length };
}

/** Whether a file of a folder is one that holds Kubernetes objects, by its name. */
export function isManifestFile(path: string): boolean {
  return MANIFEST.test(path) && !NOT_OBJECTS.has(basename(path));
}

async function manifestFiles(path: string): Promise<readonly string[]> {
  const info = await stat(path).catch((error: unknown) => {
    throw new IsvcError('ISVC_CLI_NO_MANIFESTS', `cannot read ${path}: ${messageOf(error)}`, { hint: 'name a folder of manifests or a YAML file', cause: error });
  });
  if (!info.isDirectory()) return [path];
  const found: string[] = [];
  for (const entry of (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const child = join(path, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules') found.push(...(await manifestFiles(child)));
    else if (entry.isFile() && isManifestFile(entry.name)) found.push(child);
  }
  return found;
}
