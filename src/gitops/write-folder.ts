import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { IsvcError } from '../api';

/** Lists the files that are ours. No tool takes a name like this for a manifest. */
const OURS = '.cdk8s-kserve-files';

/**
 * Makes a folder hold exactly these files of ours, and leaves everything else in it alone. Files that did not change are
 * not written, so that their times stay.
 *
 * @param files text by path relative to the folder.
 * @throws IsvcError ISVC_CONSTRUCT_MISUSE when a file of somebody else stands in the way.
 */
export function writeFolder(folder: string, files: ReadonlyMap<string, string>): void {
  const ours = readOurs(folder);
  const foreign = [...files.keys()].filter((path) => !ours.has(path) && existsSync(join(folder, path)));
  const [first] = foreign.filter((path) => readFileSync(join(folder, path), 'utf8') !== files.get(path));
  if (first !== undefined) {
    throw new IsvcError('ISVC_CONSTRUCT_MISUSE', `${join(folder, first)}: was not written by this app and would be overwritten; move it away, or choose another folder`, { path: first });
  }
  for (const [path, text] of files) writeChanged(join(folder, path), text);
  for (const path of ours) if (!files.has(path)) remove(folder, path);
  writeChanged(join(folder, OURS), `${[...files.keys()].sort().join('\n')}\n`);
}

function readOurs(folder: string): ReadonlySet<string> {
  const list = join(folder, OURS);
  if (!existsSync(list)) return new Set();
  // The list travels through Git, where anybody can edit it: it must never lead out of the folder.
  return new Set(readFileSync(list, 'utf8').split('\n').filter((path) => path !== '' && !isAbsolute(path) && !normalize(path).startsWith('..')));
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
