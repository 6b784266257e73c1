import { createHash } from 'node:crypto';
import { lstat, mkdir, readFile, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { JOURNAL } from './download/journal';

/**
 * What was fetched last, kept in the target so that a restarted init container does not fetch again. The name has no
 * extension, so that no model format claims it.
 */
const MARKER = '.isvc-fetched';
const STAGE_PREFIX = '.isvc-fetch-';

export interface FetchRecord {
  /** Without credentials. */
  readonly source: string;
  readonly files: readonly { readonly path: string; readonly version: string }[];
  /** What the files were checked against, where they were. */
  readonly verified?: string;
}

/** The record and what became of it: an archive is gone once it is unpacked. */
interface Marker extends FetchRecord {
  readonly written: readonly string[];
}

export interface Target {
  /** The target holds exactly this already; there is nothing to do, and no stage. */
  readonly unchanged: boolean;
  /** Where to write; on the same file system as the target, so that moving in is a rename. */
  readonly stage: string;
  commit(): Promise<void>;
  /** Removes the stage. */
  discard(): Promise<void>;
}

/**
 * Prepares a target folder. KServe differs: it writes into the target as it goes. A folder that is not there yet appears by one rename, complete. One that is there, such as a
 * mounted volume, cannot be replaced: its files are renamed into it and what else it holds stays, except what the last
 * fetch from the same source left. The stage of a killed fetch of exactly this is continued, any other is removed.
 */
export async function openTarget(folder: string, record: FetchRecord): Promise<Target> {
  const target = resolve(folder);
  const exists = await isThere(target);
  if (exists && (await holds(target, record))) return { unchanged: true, stage: '', commit: async () => {}, discard: async () => {} };
  const parent = exists ? target : dirname(target);
  const prefix = exists ? STAGE_PREFIX : `${STAGE_PREFIX}${basename(target)}-`;
  const created = exists ? undefined : await mkdir(parent, { recursive: true });
  const name = prefix + createHash('sha256').update(JSON.stringify(record)).digest('hex').slice(0, 16);
  await removeStale(parent, prefix, name);
  // Not `mkdtemp`, whose folders only their owner may read: the model server may well be somebody else.
  const stage = join(parent, name);
  // Without a journal nobody knows what it holds: the kill came while an archive was unpacked.
  if (!(await isThere(join(stage, JOURNAL)))) await rm(stage, { recursive: true, force: true });
  await mkdir(stage, { recursive: true });
  const discard = async (): Promise<void> => {
    await rm(stage, { recursive: true, force: true });
    if (created !== undefined) await removeEmpty(parent, created);
  };
  const commit = async (): Promise<void> => {
    if (exists) await removeFetched(target, record.source);
    await rm(join(stage, JOURNAL), { force: true });
    const marker: Marker = { ...record, written: await filesBelow(stage) };
    await writeFile(join(stage, MARKER), JSON.stringify(marker));
    if (!exists) return rename(stage, target);
    await moveInto(stage, target);
    await rm(stage, { recursive: true, force: true });
  };
  return { unchanged: false, stage, commit, discard };
}

async function holds(target: string, record: FetchRecord): Promise<boolean> {
  const marker = await readMarker(target);
  if (!marker) return false;
  const { written: _written, ...last } = marker;
  if (JSON.stringify(last) !== JSON.stringify(record)) return false;
  for (const path of marker.written) if (!(await isThere(join(target, path)))) return false;
  return true;
}

async function removeFetched(target: string, source: string): Promise<void> {
  const marker = await readMarker(target);
  // First, so that a kill in the middle leaves no marker that claims what is gone.
  await rm(join(target, MARKER), { force: true });
  if (marker?.source !== source) return;
  for (const path of marker.written) await rm(join(target, path), { force: true });
}

async function moveInto(from: string, to: string): Promise<void> {
  const names = await readdir(from);
  // The marker goes last: it says that everything before it is complete.
  for (const name of [...names.filter((n) => n !== MARKER), ...names.filter((n) => n === MARKER)]) {
    const source = join(from, name);
    const target = join(to, name);
    if ((await isFolder(source)) && (await isFolder(target))) await moveInto(source, target);
    else {
      await rm(target, { recursive: true, force: true });
      await rename(source, target);
    }
  }
}

async function readMarker(target: string): Promise<Marker | undefined> {
  try {
    return JSON.parse(await readFile(join(target, MARKER), 'utf8')) as Marker;
  } catch {
    return undefined;
  }
}

async function removeStale(parent: string, prefix: string, except: string): Promise<void> {
  const names = await readdir(parent);
  await Promise.all(names.filter((n) => n.startsWith(prefix) && n !== except).map((n) => rm(join(parent, n), { recursive: true, force: true })));
}

/** Removes the empty folders from `from` up to `top`, which this fetch has made. */
async function removeEmpty(from: string, top: string): Promise<void> {
  try {
    for (let folder = from; folder.length >= top.length; folder = dirname(folder)) await rmdir(folder);
  } catch {
    // Somebody else has put something there; then it stays.
  }
}

/** Paths of all files, relative to the folder, in order. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(() => true, () => false);
}

async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then((info) => info.isDirectory(), () => false);
}
