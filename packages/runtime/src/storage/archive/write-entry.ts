import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { IsvcError } from 'cdk8s-kserve/api';
import { tooLittleSpace } from '../download/disk-space';
import type { ArchiveCount } from './limits';

/** Writes one file of an archive. @throws IsvcError ISVC_FETCH_UNSAFE where the archive has two files of that name. */
export async function writeEntry(folder: string, path: string, content: Readable, count: ArchiveCount, signal: AbortSignal): Promise<void> {
  const file = join(folder, path);
  try {
    await mkdir(dirname(file), { recursive: true });
    await pipeline(content, count.counter(), createWriteStream(file, { flags: 'wx' }), { signal });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EISDIR') {
      throw new IsvcError('ISVC_FETCH_UNSAFE', `the archive holds "${path}" twice, or a file where it has a folder`, { hint: 'pack the archive again', cause: error });
    }
    if (code === 'ENOSPC' || code === 'EDQUOT') throw tooLittleSpace(folder, 'the disk was full while unpacking', error);
    throw error;
  }
}
