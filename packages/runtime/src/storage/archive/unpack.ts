import { createReadStream } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, type Transform, pipeline } from 'node:stream';
import * as zlib from 'node:zlib';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { JOURNAL } from '../download/journal';
import type { FetchSession } from '../session';
import { archiveKindOf, type ArchiveKind } from './archive-kind';
import { ArchiveCount } from './limits';
import { unpackTar } from './unpack-tar';
import { unpackZip } from './unpack-zip';

/** Holds the archive while its content takes its place; no archive may hold a file of that name. */
const PACKED = '.isvc-packed';

/**
 * Where exactly one file has come and it is an archive, puts its content in its place. Everything else stays.
 *
 * @throws IsvcError ISVC_FETCH_UNSAFE or ISVC_FETCH_CORRUPT
 */
export async function unpackSingleArchive(stage: string, session: FetchSession): Promise<void> {
  const names = (await readdir(stage)).filter((name) => name !== JOURNAL);
  const [name] = names;
  const kind = name === undefined || names.length !== 1 ? undefined : archiveKindOf(name);
  if (name === undefined || kind === undefined || !(await stat(join(stage, name))).isFile()) return;
  const packed = join(stage, PACKED);
  // A run that was killed while unpacking must not find its archive gone: the journal would say that it is there.
  await rm(join(stage, JOURNAL), { force: true });
  await rename(join(stage, name), packed);
  await unpack(packed, name, kind, stage, session);
  await rm(packed);
}

async function unpack(file: string, name: string, kind: ArchiveKind, folder: string, { settings, signal }: FetchSession): Promise<void> {
  const count = new ArchiveCount(settings.archive, (await stat(file)).size);
  try {
    if (kind === 'zip') await unpackZip(file, { folder, count, signal });
    else await unpackTar(unpacked(createReadStream(file, { highWaterMark: 256 * 1024 }), kind, name), { folder, count, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof IsvcError) throw error;
    throw new IsvcError('ISVC_FETCH_CORRUPT', `the archive is broken: ${messageOf(error).replace(/^Error: /, '')}`, { path: name, hint: 'pack and upload it again', cause: error });
  }
}

/**
 * The tar stream inside a compressed one.
 *
 * @throws IsvcError ISVC_FETCH_UNSAFE for a compression that this Node cannot undo.
 */
export function unpacked(content: Readable, kind: Exclude<ArchiveKind, 'zip'>, name: string): Readable {
  if (kind === 'tar') return content;
  const through = kind === 'tar.gz' ? zlib.createGunzip() : kind === 'tar.zst' ? zstd() : undefined;
  if (through) return pipeline(content, through, () => {}) as unknown as Readable;
  content.destroy();
  throw new IsvcError('ISVC_FETCH_UNSAFE', `"${name}" is compressed in a way that this version cannot undo`, {
    path: name,
    hint: kind === 'tar.zst' ? 'run the fetcher on Node 22.15 or later, or pack the model as .tar.gz' : 'pack the model as .tar.gz or .zip',
  });
}

/** Node has zstd from 22.15 on. */
function zstd(): Transform | undefined {
  const create = (zlib as { readonly createZstdDecompress?: () => Transform }).createZstdDecompress;
  return create?.();
}
