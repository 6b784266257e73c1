import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { type Entry, type ZipFile, openPromise } from 'yauzl';
import { entryPath } from './entry-path';
import type { ArchiveCount } from './limits';
import { writeEntry } from './write-entry';

export interface ZipOptions {
  readonly folder: string;
  readonly count: ArchiveCount;
  readonly signal: AbortSignal;
}

/** The upper half of the external attributes is a Unix mode, where a Unix program has written it. */
const TYPE_MASK = 0o170000;
const PLAIN_FILE = 0o100000;
const DIRECTORY = 0o040000;

/**
 * Unpacks a zip file: files and folders, nothing else.
 *
 * @throws IsvcError ISVC_FETCH_UNSAFE for links and names that lead out; what yauzl throws for a broken one.
 */
export async function unpackZip(file: string, options: ZipOptions): Promise<void> {
  // Entries are asked for one by one, and the file closes when we are done with it.
  const zip = await openPromise(file, { autoClose: false, lazyEntries: true });
  try {
    for await (const entry of zip.eachEntry()) {
      options.signal.throwIfAborted();
      options.count.addEntry();
      await unpackEntry(zip, entry, options);
    }
  } catch (error) {
    // yauzl looks at names before we see them.
    if (/^(invalid relative path|absolute path|invalid characters in fileName)/.test(messageOf(error))) {
      throw new IsvcError('ISVC_FETCH_UNSAFE', `the archive has an entry that leads out of the target (${messageOf(error)})`, { hint: 'pack the archive again', cause: error });
    }
    throw error;
  } finally {
    zip.close();
  }
}

async function unpackEntry(zip: ZipFile, entry: Entry, { folder, count, signal }: ZipOptions): Promise<void> {
  const path = entryPath(entry.fileName);
  if (path === '') return;
  const type = (entry.externalFileAttributes >>> 16) & TYPE_MASK;
  if (entry.fileName.endsWith('/') || type === DIRECTORY) {
    await mkdir(join(folder, path), { recursive: true });
    return;
  }
  if (type !== 0 && type !== PLAIN_FILE) {
    throw new IsvcError('ISVC_FETCH_UNSAFE', `the archive entry "${entry.fileName}" is a link or a device; only files and folders are unpacked`, { hint: 'pack the file itself' });
  }
  if (entry.isEncrypted()) throw new IsvcError('ISVC_FETCH_UNSAFE', `the archive entry "${entry.fileName}" is encrypted`, { hint: 'pack the archive without a password' });
  const content = checked(await zip.openReadStreamPromise(entry), entry);
  await writeEntry(folder, path, Readable.from(content, { objectMode: false }), count, signal);
}

async function* checked(content: Readable, { fileName, crc32: expected }: Entry): AsyncGenerator<Buffer, void> {
  let crc = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    crc = crc32(chunk, crc);
    yield chunk;
  }
  if (crc >>> 0 !== expected >>> 0) throw new Error(`the entry "${fileName}" has a wrong CRC`);
}
