import type { FileHandle } from 'node:fs/promises';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { tooLittleSpace } from './disk-space';

/**
 * Writes buffers one after the other at their place.
 *
 * @param path of the file, for messages.
 * @throws IsvcError ISVC_FETCH_SPACE for a full disk, ISVC_FETCH_IO for what else goes wrong.
 */
export async function writeAll(handle: FileHandle, chunks: readonly Buffer[], position: number, path: string): Promise<void> {
  try {
    for (let left = chunks, at = position; left.length > 0; ) {
      const { bytesWritten } = await handle.writev(left, at);
      at += bytesWritten;
      left = without(left, bytesWritten);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw tooLittleSpace(path, 'the disk is full', error);
    throw new IsvcError('ISVC_FETCH_IO', `the target cannot be written: ${messageOf(error)}`, { path, hint: 'check space and permissions of the target', cause: error });
  }
}

/** What is left after so many bytes: a full disk or a signal may end a write in the middle. */
function without(chunks: readonly Buffer[], bytes: number): readonly Buffer[] {
  let left = bytes;
  const at = chunks.findIndex((chunk) => {
    if (left < chunk.length) return true;
    left -= chunk.length;
    return false;
  });
  const first = chunks[at];
  return first ? [first.subarray(left), ...chunks.slice(at + 1)] : [];
}
