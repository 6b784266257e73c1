import { createHash } from 'node:crypto';
import { type FileHandle, lstat, open, readdir, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { IsvcError } from 'cdk8s-kserve/api';
import { MANIFEST_ALGORITHMS, type ModelManifest, type Piece } from './model-manifest';

const CHUNK = 1024 * 1024;
/** So many names are enough to see what went wrong. */
const SHOWN = 5;

/**
 * Compares a folder with what it must hold: every file of the manifest with its digest, and nothing else.
 *
 * @param allowed names of files that need not be in the manifest.
 * @param source who says so, for messages, e.g. "the digests".
 * @throws IsvcError ISVC_FETCH_UNVERIFIED naming the files that differ, lack or are too many.
 */
export async function checkFiles(folder: string, manifest: ModelManifest, allowed: ReadonlySet<string>, source: string, signal: AbortSignal): Promise<void> {
  const there: string[] = [];
  for (const path of await filesBelow(folder)) {
    if (allowed.has(path)) continue;
    if (!manifest.files.has(path) && isLeftOut(path, manifest)) await rm(join(folder, path));
    else there.push(path);
  }
  const wanted = namedLike(there, manifest.files);
  const unlisted = there.filter((path) => !wanted.has(path));
  if (unlisted.length > 0) throw unverified(`${namesOf(unlisted)} ${unlisted.length === 1 ? 'is' : 'are'} in the model, but not in ${source}`, unlisted[0], 'remove it from the store, leave it out with STORAGE_IGNORE_PATTERNS, or list and sign the model again');
  const present = new Set(there);
  const missing = [...wanted.keys()].filter((path) => !present.has(path));
  if (missing.length > 0) throw unverified(`${namesOf(missing)} ${missing.length === 1 ? 'is' : 'are'} in ${source}, but not in the model`, missing[0], 'upload the complete model, or list and sign it again');
  for (const [path, pieces] of wanted) await checkPieces(join(folder, path), path, pieces, source, signal);
}

/** A model that was signed as one file is known by its content, not by its name. */
function namedLike(there: readonly string[], files: ModelManifest['files']): ModelManifest['files'] {
  const pieces = files.size === 1 ? files.get('.') : undefined;
  return pieces && there.length === 1 && there[0] !== undefined ? new Map([[there[0], pieces]]) : files;
}

async function checkPieces(file: string, path: string, pieces: readonly Piece[], source: string, signal: AbortSignal): Promise<void> {
  const { size } = await lstat(file);
  if (!coverAll(pieces, size)) throw unverified(`has ${size} bytes, of which the ranges in ${source} leave some out or go beyond`, path, CHANGED);
  const handle = await open(file, 'r');
  try {
    for (const piece of pieces) {
      const digest = await digestOfPiece(handle, piece, signal);
      if (digest !== piece.digest) throw unverified(`the ${piece.algorithm} digest is ${digest}, by ${source} it must be ${piece.digest}`, path, CHANGED);
    }
  } finally {
    await handle.close();
  }
}

const CHANGED = 'the file was changed after it was listed or signed: upload the right one, or list and sign the model again';

/** Whether the pieces lie end to end and leave no byte out. */
function coverAll(pieces: readonly Piece[], size: number): boolean {
  let at = 0;
  for (const { start, end = size } of pieces) {
    if (start !== at || end < start) return false;
    at = end;
  }
  return at === size;
}

async function digestOfPiece(file: FileHandle, { start, end = Infinity, algorithm }: Piece, signal: AbortSignal): Promise<string> {
  const hash = createHash(MANIFEST_ALGORITHMS[algorithm]);
  const chunk = Buffer.allocUnsafe(CHUNK);
  for (let at = start; at < end; ) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(chunk, 0, Math.min(CHUNK, end - at), at);
    if (bytesRead === 0) break;
    hash.update(chunk.subarray(0, bytesRead));
    at += bytesRead;
  }
  return hash.digest('hex');
}

function isLeftOut(path: string, { leftOut }: ModelManifest): boolean {
  return leftOut.some((left) => path === left || path.startsWith(`${left}/`));
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')).sort();
}

function namesOf(paths: readonly string[]): string {
  const shown = paths.slice(0, SHOWN).join(', ');
  return paths.length > SHOWN ? `${shown} and ${paths.length - SHOWN} more` : shown;
}

function unverified(message: string, path: string | undefined, hint: string): IsvcError {
  return new IsvcError('ISVC_FETCH_UNVERIFIED', message, { path, hint });
}
