import { IsvcError } from 'cdk8s-kserve/api';
import { entryPath } from '../archive/entry-path';
import type { ArchiveCount } from '../archive/limits';
import { brokenPack } from './broken-pack';
import type { PackStore } from './pack-store';

/** A file of a commit. */
export interface TreeFile {
  /** Below the folder that was asked for. */
  readonly path: string;
  readonly oid: string;
}

interface TreeEntry {
  readonly mode: string;
  readonly name: string;
  readonly oid: string;
}

const FOLDER = '40000';
const LINK = '120000';
const SUBMODULE = '160000';
const OID_BYTES = 20;

/**
 * The files of a commit below a path, or the one file that is there.
 *
 * @param count of what the commit has; `store` counts what the pack has.
 * @throws IsvcError ISVC_FETCH_NOT_FOUND, ISVC_FETCH_UNSAFE for links, submodules and names that no folder may hold.
 */
export async function filesOf(commit: string, path: string, store: PackStore, count: ArchiveCount): Promise<readonly TreeFile[]> {
  const tree = /^tree ([0-9a-f]{40})\n/.exec((await store.getSmall(commit, 'commit')).toString('latin1', 0, 64))?.[1];
  if (tree === undefined) throw brokenPack('the commit names no tree');
  let top: TreeEntry = { mode: FOLDER, name: '', oid: tree };
  for (const part of path.split('/').filter((text) => text !== '')) {
    const entries: readonly TreeEntry[] = top.mode === FOLDER ? await readTree(top.oid, store) : [];
    const next = entries.find(({ name }) => name === part);
    if (!next) {
      const names = entries.slice(0, 10).map(({ name }) => name).join(', ');
      throw new IsvcError('ISVC_FETCH_NOT_FOUND', `git: there is no "${path}" in the commit`, { hint: names ? `check the path; at "${part}" there are ${names}` : 'check the path' });
    }
    top = next;
  }
  return top.mode === FOLDER ? walk(top.oid, '', store, count) : [plainFile(top, top.name)];
}

/** One folder may stand in many places, so a small repository can be endlessly large when it is unpacked. */
async function walk(tree: string, prefix: string, store: PackStore, count: ArchiveCount): Promise<TreeFile[]> {
  const files: TreeFile[] = [];
  for (const entry of await readTree(tree, store)) {
    count.addEntry();
    const path = prefix + entry.name;
    if (entry.mode === FOLDER) files.push(...(await walk(entry.oid, `${path}/`, store, count)));
    else files.push(plainFile(entry, path));
  }
  return files;
}

function plainFile({ mode, name, oid }: TreeEntry, path: string): TreeFile {
  const unsafe = (what: string, hint: string): IsvcError => new IsvcError('ISVC_FETCH_UNSAFE', `git: "${path}" ${what}`, { hint });
  if (mode === LINK) throw unsafe('is a link', 'replace it by the file it points at, or name a folder without links after the address');
  if (mode === SUBMODULE) throw unsafe('is a submodule', 'name a folder without submodules after the address, or fetch the repository of the submodule');
  if (name.startsWith('.isvc-')) throw unsafe('has a name that is kept for the fetcher', 'rename it');
  return { path, oid };
}

async function readTree(oid: string, store: PackStore): Promise<readonly TreeEntry[]> {
  const bytes = await store.getSmall(oid, 'tree');
  const entries: TreeEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [space, zero] = [bytes.indexOf(0x20, at), bytes.indexOf(0, at)];
    const end = zero + 1 + OID_BYTES;
    if (space < 0 || zero < space || end > bytes.length) throw brokenPack('a folder cannot be read');
    const [mode, name] = [bytes.toString('latin1', at, space), bytes.toString('utf8', space + 1, zero)];
    // Git itself would never write these; a server may.
    if (['', '.', '..', '.git'].includes(name.toLowerCase()) || name.includes('/') || entryPath(name) !== name) {
      throw new IsvcError('ISVC_FETCH_UNSAFE', `git: "${name}" is not a name that a folder may hold`, { hint: 'rename it' });
    }
    entries.push({ mode, name, oid: bytes.toString('hex', zero + 1, end) });
    at = end;
  }
  return entries;
}
