import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { IsvcError } from '../api';
import { isEdited, readList, writeList, type WrittenFiles } from './written-files';
import { checkPlace } from './check-place';

/**
 * Makes a folder hold exactly these files of ours, and leaves everything else in it alone. Files that did not change are
 * not written, so that their times stay. Nothing is written or removed unless everything can be.
 *
 * @param files text by path relative to the folder.
 * @throws IsvcError ISVC_CONSTRUCT_MISUSE when a file of somebody else stands in the way, when a file of ours was edited
 * by hand, or when a path leads out of the folder.
 */
export function writeFolder(folder: string, files: ReadonlyMap<string, string>): void {
  const ours = readList(folder);
  for (const [path, text] of files) {
    checkPlace(folder, path);
    const present = textAt(folder, path);
    if (present === undefined || present === text) continue;
    if (!ours.has(path)) throw refusal(folder, path, 'was not written by this app and would be overwritten; move it away, or choose another folder');
    if (isEdited(ours, path, present)) throw refusal(folder, path, 'was edited after this app had written it; move the change into the app, then delete the file, which will be written anew');
  }
  const gone = [...ours.keys()].filter((path) => !files.has(path));
  for (const path of gone) checkGone(folder, path, ours);
  for (const [path, text] of files) writeChanged(join(folder, path), text);
  for (const path of gone) remove(folder, path);
  writeList(folder, files);
}

function checkGone(folder: string, path: string, ours: WrittenFiles): void {
  checkPlace(folder, path);
  const present = textAt(folder, path);
  if (present !== undefined && isEdited(ours, path, present)) throw refusal(folder, path, 'was edited after this app had written it, and the app no longer writes it; rename it to keep it, or delete it');
}

function textAt(folder: string, path: string): string | undefined {
  const place = join(folder, path);
  return existsSync(place) ? readFileSync(place, 'utf8') : undefined;
}

function refusal(folder: string, path: string, message: string): IsvcError {
  return new IsvcError('ISVC_CONSTRUCT_MISUSE', `${join(folder, path)}: ${message}`, { path });
}

function writeChanged(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Takes a file of ours away, and the folder that only it kept. */
function remove(folder: string, path: string): void {
  rmSync(join(folder, path), { force: true });
  const parent = dirname(join(folder, path));
  if (parent !== folder && existsSync(parent) && readdirSync(parent).length === 0) rmdirSync(parent);
}
