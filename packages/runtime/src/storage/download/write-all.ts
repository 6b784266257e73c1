import type { FileHandle } from 'node:fs/promises';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { tooLittleSpace } from './disk-space';

/**
 * Writes all bytes at their place.
 *
 * @param path of the file, for messages.
 * @throws IsvcError ISVC_FETCH_SPACE for a full disk, ISVC_FETCH_IO for what else goes wrong.
 */
export async function writeAll(handle: FileHandle, bytes: Buffer, position: number, path: string): Promise<void> {
  try {
    for (let done = 0; done < bytes.length; ) done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw tooLittleSpace(path, 'the disk is full', error);
    throw new IsvcError('ISVC_FETCH_IO', `the target cannot be written: ${messageOf(error)}`, { path, hint: 'check space and permissions of the target', cause: error });
  }
}
