import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { ArchiveCount } from '../archive/limits';
import { unpacked } from '../archive/unpack';
import { unpackTar } from '../archive/unpack-tar';
import { JOURNAL } from '../download/journal';
import type { FetchSession } from '../session';

/** Where layers lie until they are unpacked. */
export const LAYERS = '.isvc-layers';
const MODELS = 'models/';
const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/**
 * Unpacks what image layers hold below `models/`, the later over the earlier, and removes the layers.
 *
 * @throws IsvcError ISVC_FETCH_NOT_FOUND where there is nothing below `models/`.
 */
export async function unpackLayers(stage: string, session: FetchSession): Promise<void> {
  const folder = join(stage, LAYERS);
  const names = await readdir(folder).then((all) => all.sort(), () => undefined);
  if (!names) return;
  // A run that was killed while unpacking must start over.
  await rm(join(stage, JOURNAL), { force: true });
  for (const name of names) await unpackLayer(join(folder, name), name, stage, session);
  await rm(folder, { recursive: true });
  if ((await readdir(stage)).length === 0) {
    throw new IsvcError('ISVC_FETCH_NOT_FOUND', 'oci: the image has nothing in /models', { hint: 'COPY the model to /models/ in the image' });
  }
}

async function unpackLayer(file: string, name: string, stage: string, { settings, signal }: FetchSession): Promise<void> {
  const count = new ArchiveCount(settings.archive, (await stat(file)).size);
  const kind = name.endsWith('.zst') ? 'tar.zst' : name.endsWith('.gz') ? 'tar.gz' : 'tar';
  try {
    const content = unpacked(createReadStream(file, { highWaterMark: 256 * 1024 }), kind, 'layer');
    await unpackTar(content, { folder: stage, count, signal, place: below, replace: true, before: (path) => whiteOut(stage, path) });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof IsvcError) throw error;
    throw new IsvcError('ISVC_FETCH_CORRUPT', `oci: a layer is broken: ${messageOf(error).replace(/^Error: /, '')}`, { hint: 'push the image again', cause: error });
  }
}

function below(path: string): string | undefined {
  return path.startsWith(MODELS) && path.length > MODELS.length ? path.slice(MODELS.length) : undefined;
}

/** Removes what a layer says is gone. @returns whether the entry was such a mark. */
async function whiteOut(stage: string, path: string): Promise<boolean> {
  const name = basename(path);
  if (!name.startsWith(WHITEOUT)) return false;
  const folder = join(stage, dirname(path));
  if (name === OPAQUE) {
    const keep = folder === stage ? [LAYERS] : [];
    const names = await readdir(folder).catch(() => []);
    for (const entry of names) if (!keep.includes(entry)) await rm(join(folder, entry), { recursive: true, force: true });
  } else await rm(join(folder, name.slice(WHITEOUT.length)), { recursive: true, force: true });
  return true;
}
