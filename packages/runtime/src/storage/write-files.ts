import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { IsvcError } from 'cdk8s-kserve/api';
import type { SourceFile } from './source';

/**
 * Writes every file below a folder and checks that all its bytes have arrived.
 *
 * @throws IsvcError ISVC_FETCH_IO for a file that is shorter or longer than its source said.
 */
export async function writeFiles(files: readonly SourceFile[], folder: string, signal: AbortSignal): Promise<void> {
  for (const file of files) {
    signal.throwIfAborted();
    const path = join(folder, file.path);
    await mkdir(dirname(path), { recursive: true });
    const out = createWriteStream(path, { flags: 'wx', highWaterMark: 1024 * 1024 });
    await pipeline(file.open(), out, { signal });
    if (out.bytesWritten !== file.size) {
      throw new IsvcError('ISVC_FETCH_IO', `${out.bytesWritten} bytes arrived where the source has ${file.size}`, {
        path: file.path,
        hint: 'the source changed while it was copied; try again',
      });
    }
  }
}
