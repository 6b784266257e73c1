import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface FolderEntries {
  readonly files: readonly string[];
  /** Without hidden ones, which mounted volumes have for themselves. */
  readonly folders: readonly string[];
}

/** What is in a folder, sorted; links count by what they point at, because mounted volumes are made of them. */
export async function folderEntries(folder: string): Promise<FolderEntries> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.') && name !== 'lost+found').sort();
  const files: string[] = [];
  const folders: string[] = [];
  for (const name of names) {
    const stats = await stat(join(folder, name)).catch(() => undefined);
    if (stats?.isFile()) files.push(name);
    if (stats?.isDirectory()) folders.push(name);
  }
  return { files, folders };
}
