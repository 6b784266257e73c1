import { unpackSingleArchive } from './archive/unpack';
import { filterFiles } from './filters';
import { listLocal } from './list-local';
import type { FetchSession } from './session';
import type { Listing } from './source';

/** The files of a local folder, or one file; a single archive is unpacked, as KServe does. */
export async function localListing(path: string, uri: string, { env }: FetchSession): Promise<Listing> {
  return { files: filterFiles(await listLocal(path, uri), env, uri), finish: unpackSingleArchive };
}
