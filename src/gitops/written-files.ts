import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import { checkPlace } from './check-place';

/** Lists the files that are ours, as `sha256sum` does. No tool takes a name like this for a manifest. */
const LIST = '.cdk8s-kserve-files';
const LINE = /^(?:([0-9a-f]{64}) {2})?(.+)$/;

/** Hash of what was written, by path; undefined where a version of this library wrote the list that kept none. */
export type WrittenFiles = ReadonlyMap<string, string | undefined>;

/** The files that the app wrote into a folder the last time. */
export function readList(folder: string): WrittenFiles {
  checkPlace(folder, LIST);
  const list = join(folder, LIST);
  if (!existsSync(list)) return new Map();
  const lines = readFileSync(list, 'utf8').split(/\r?\n/).map((line) => LINE.exec(line));
  // The list travels through Git, where anybody can edit it: it must never lead out of the folder.
  return new Map(lines.flatMap((line) => (line?.[2] !== undefined && staysInside(line[2]) ? [[line[2], line[1]] as const] : [])));
}

export function writeList(folder: string, files: ReadonlyMap<string, string>): void {
  const lines = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, text]) => `${hashOf(text)}  ${path}\n`);
  const place = join(folder, LIST);
  const text = lines.join('');
  if (!existsSync(place) || readFileSync(place, 'utf8') !== text) writeFileSync(place, text);
}

/** Whether a file of ours has another content than it was given. */
export function isEdited(written: WrittenFiles, path: string, present: string): boolean {
  const hash = written.get(path);
  return hash !== undefined && hash !== hashOf(present);
}

/** Git may check files out with other line ends; that is no edit. */
function hashOf(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
}

function staysInside(path: string): boolean {
  return !isAbsolute(path) && !normalize(path).startsWith('..');
}
