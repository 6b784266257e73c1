import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { IsvcError } from 'cdk8s-kserve/api';
import { extract, type Header } from 'tar-stream';
import { entryPath } from './entry-path';
import type { ArchiveCount } from './limits';
import { writeEntry } from './write-entry';

export interface TarOptions {
  readonly folder: string;
  readonly count: ArchiveCount;
  readonly signal: AbortSignal;
  /** Where an entry goes; `undefined` leaves it out. @default - where its name says */
  readonly place?: (path: string) => string | undefined;
  /** Whether an entry takes the place of a file that is there. @default false - that is an error */
  readonly replace?: boolean;
  /** Sees every path first. @returns whether it has dealt with the entry */
  readonly before?: (path: string) => Promise<boolean>;
}

/**
 * Unpacks a tar stream: files and folders, nothing else. Modes and owners of the archive are not taken over.
 *
 * @returns how many files were written.
 * @throws IsvcError ISVC_FETCH_UNSAFE for links, devices and names that lead out; what tar-stream throws for a broken one.
 */
export async function unpackTar(content: Readable, { folder, count, signal, place = (path) => path, replace = false, before = async () => false }: TarOptions): Promise<number> {
  const tar = extract();
  let files = 0;
  const unpacking = (async () => {
    for await (const entry of tar) {
      count.addEntry();
      const path = place(entryPath(entry.header.name));
      if (path === undefined || path === '' || (await before(path))) entry.resume();
      else if (isFolder(entry.header)) {
        await mkdir(join(folder, path), { recursive: true });
        entry.resume();
      } else {
        assertFile(entry.header);
        if (replace) await rm(join(folder, path), { recursive: true, force: true });
        // Entries are no streams of Node's: `pipeline` would miss that one ends too early, an iteration does not.
        await writeEntry(folder, path, Readable.from(entry, { objectMode: false }), count, signal);
        files++;
      }
    }
  })();
  // Whichever fails first stops the other; ours says more than the "premature close" it causes.
  const stopping = unpacking.catch((error: unknown) => {
    tar.destroy(error as Error);
    throw error;
  });
  const results = await Promise.allSettled([stopping, pipeline(content, tar, { signal })]);
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (reasons.length > 0) throw reasons.find((reason) => reason instanceof IsvcError) ?? reasons[0];
  return files;
}

function isFolder({ type }: Header): boolean {
  return type === 'directory';
}

function assertFile({ name, type }: Header): void {
  if (type === 'file' || type === 'contiguous-file') return;
  throw new IsvcError('ISVC_FETCH_UNSAFE', `the archive entry "${name}" is a ${type ?? 'strange thing'}; only files and folders are unpacked`, { hint: 'pack the file itself in place of the link' });
}
