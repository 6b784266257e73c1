import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { ArchiveCount } from '../archive/limits';
import { tooLittleSpace } from '../download/disk-space';
import type { Content } from './content';
import { type LfsPointer, parseLfsPointer } from './lfs-pointer';
import type { PackStore } from './pack-store';
import type { TreeFile } from './tree';

/** A file whose content Git LFS has. */
export interface LfsFile extends LfsPointer {
  readonly path: string;
}

/**
 * Writes files of a commit below a folder. Those of which the repository has only a pointer are given back.
 *
 * @throws IsvcError ISVC_FETCH_SPACE, ISVC_FETCH_IO
 */
export async function checkOut(files: readonly TreeFile[], store: PackStore, folder: string, count: ArchiveCount, signal: AbortSignal): Promise<readonly LfsFile[]> {
  const elsewhere: LfsFile[] = [];
  // A large object lies in a file already: its first user takes that, further ones copy from there.
  const taken = new Map<string, { readonly target: string; readonly length: number }>();
  for (const { path, oid } of files) {
    signal.throwIfAborted();
    const target = join(folder, path);
    const first = taken.get(oid);
    const content = first === undefined ? await store.get(oid, 'blob') : undefined;
    const pointer = Buffer.isBuffer(content) ? parseLfsPointer(content) : undefined;
    if (pointer) {
      elsewhere.push({ path, ...pointer });
      continue;
    }
    count.addBytes(content?.length ?? first?.length ?? 0);
    await put(content, first?.target, target);
    if (content !== undefined && !Buffer.isBuffer(content)) taken.set(oid, { target, length: content.length });
  }
  return elsewhere;
}

async function put(content: Content | undefined, first: string | undefined, target: string): Promise<void> {
  try {
    await mkdir(dirname(target), { recursive: true });
    if (content === undefined) await copyFile(first ?? '', target);
    else if (Buffer.isBuffer(content)) await writeFile(target, content);
    else await rename(content.path, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw tooLittleSpace(target, 'the disk is full', error);
    throw new IsvcError('ISVC_FETCH_IO', `the target cannot be written: ${messageOf(error)}`, { path: target, hint: 'check space and permissions of the target', cause: error });
  }
}
