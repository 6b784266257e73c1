import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { LocatedProblem, Manifest } from './manifest';
import { parseManifests } from './parse-manifests';

const MANIFEST = /\.(ya?ml|json)$/i;
/** Files of a GitOps folder that are for other tools. */
const NOT_OBJECTS = new Set(['kustomization.yaml', 'kustomization.yml', 'construct-metadata.json', 'cdk8s.yaml', 'package.json', 'package-lock.json', 'tsconfig.json', '.isvc-lint.yaml']);

export interface LoadedFolder {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly LocatedProblem[];
  /** Number of files read. */
  readonly files: number;
  /** What stands in each file, by its path. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Reads every manifest of a folder (sub-folders included) or of one file.
 *
 * @throws IsvcError ISVC_CLI_NO_MANIFESTS when the path does not exist or holds no object at all.
 */
export async function loadFolder(path: string): Promise<LoadedFolder> {
  return loadFiles(await manifestFiles(path), path);
}

/** Reads every manifest of some files, as `loadFolder` does. */
export async function loadFiles(files: readonly string[], from: string): Promise<LoadedFolder> {
  const texts = new Map<string, string>();
  for (const file of files) texts.set(file, await readFile(file, 'utf8'));
  return loadTexts(texts, from);
}

/**
 * Reads every manifest of some texts.
 *
 * @param from what the texts are, for the error.
 * @throws IsvcError ISVC_CLI_NO_MANIFESTS when there is no object at all.
 */
export function loadTexts(texts: ReadonlyMap<string, string>, from: string): LoadedFolder {
  const manifests: Manifest[] = [];
  const problems: LocatedProblem[] = [];
  for (const [file, text] of texts) {
    const parsed = parseManifests(text, file);
    manifests.push(...parsed.manifests);
    problems.push(...parsed.problems);
  }
  if (manifests.length === 0 && problems.length === 0) {
    throw new IsvcError('ISVC_CLI_NO_MANIFESTS', `${from} holds no Kubernetes objects (${texts.size} YAML or JSON files read)`, {
      hint: 'name the folder that "cdk8s synth" writes to, usually dist',
    });
  }
  return { manifests, problems, files: texts.size, texts };
}

/** Whether a file of a folder is one that holds Kubernetes objects, by its name. */
export function isManifestFile(path: string): boolean {
  return MANIFEST.test(path) && !NOT_OBJECTS.has(basename(path));
}

/** Every file of a folder that holds objects by its name, sorted; a path that is a file stands for itself. */
export async function manifestFiles(path: string): Promise<readonly string[]> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file or folder' : `it cannot be read: ${messageOf(error)}`;
    throw new IsvcError('ISVC_CLI_NO_MANIFESTS', `${path}: ${why}`, { hint: 'name a folder of manifests or a YAML file', cause: error });
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
