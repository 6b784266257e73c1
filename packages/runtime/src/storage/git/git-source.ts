import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveCount } from '../archive/limits';
import { downloadFiles } from '../download/download-files';
import { JOURNAL } from '../download/journal';
import type { FetchSession } from '../session';
import type { Source } from '../source';
import type { StoreAccess } from '../transport/ask';
import { fieldOf } from '../transport/json';
import { redactUri } from '../transport/redact';
import { storeError, type StoreWords } from '../transport/store-error';
import { checkOut, type LfsFile } from './checkout';
import { type GitAddress, isGitAddress, parseGitUri } from './git-address';
import { gitAuthorizer } from './git-credentials';
import { resolveRef } from './git-ref';
import { openRemote } from './git-remote';
import { lfsFiles } from './lfs-files';
import { PackFile } from './pack-file';
import { PackStore } from './pack-store';
import { filesOf } from './tree';

/** Holds the pack, and objects too large for memory, until the files are in their places. */
const FOLDER = '.isvc-git';
const PACK = `${FOLDER}/pack`;

/**
 * `https://host/repository.git[//path][?ref=name]`: the files of one commit, by git's own protocol, with those of Git LFS.
 *
 * KServe differs: it clones the default branch with the git program, leaves its `.git` folder there, and takes neither ref nor
 * path.
 */
export const gitSource: Source = {
  schemes: [],
  matches: isGitAddress,
  async list(uri, session) {
    const address = parseGitUri(uri);
    const access: StoreAccess = { client: session.client(), authorizer: gitAuthorizer(address, session) };
    const words = wordsOf(uri, address, access);
    const explain = (error: unknown): Error => {
      session.signal.throwIfAborted();
      return storeError(error, words);
    };
    try {
      const remote = await openRemote(address.repository, access, session);
      const commit = await resolveRef(address.ref, remote);
      // Its size is not known before, so it is never cut; but a run that was stopped leaves it to the next one.
      const pack = { path: PACK, size: undefined, version: commit, ranged: true };
      return {
        identity: words.identity,
        // Whoever may see the references may read what they point to.
        proven: true,
        files: [{ ...pack, open: (_range, signal) => remote.openPack(commit, words, signal) }],
        async finish(stage, within) {
          const elsewhere = await unpackCommit(commit, address.path, stage, within);
          try {
            if (elsewhere.length > 0) await downloadFiles(await lfsFiles(elsewhere, remote.base, access, words, within), stage, within);
          } catch (error) {
            throw explain(error);
          }
          await rm(join(stage, JOURNAL), { force: true });
          await rm(join(stage, FOLDER), { recursive: true });
        },
      };
    } catch (error) {
      throw explain(error);
    }
  },
};

async function unpackCommit(commit: string, path: string, stage: string, { settings, signal }: FetchSession): Promise<readonly LfsFile[]> {
  const scratch = join(stage, FOLDER, 'objects');
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  const pack = await PackFile.open(join(stage, PACK));
  try {
    const store = new PackStore(pack, { scratch, signal, count: new ArchiveCount(settings.archive, pack.size) });
    await store.index();
    const count = new ArchiveCount(settings.archive, pack.size);
    const files = await filesOf(commit, path, store, count);
    return await checkOut(files, store, stage, count, signal);
  } finally {
    await pack.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

function wordsOf(uri: string, { repository, ref }: GitAddress, { authorizer }: StoreAccess): StoreWords {
  const name = repository.pathname.replace(/^\//, '');
  return {
    store: 'git',
    subject: `repository ${name}${ref === undefined ? '' : ` at ${ref}`}`,
    uri: redactUri(uri),
    identity: authorizer.identity,
    deniedHint: authorizer.identity === 'anonymous'
      ? 'set GIT_PASSWORD (a token) and GIT_USERNAME on the storage initializer; many servers also answer so where the repository does not exist'
      : 'give the user or token read access to the repository',
    notFoundHint: 'check the address; a private repository looks missing to those who may not read it',
    detail: ({ body }) => fieldOf(body, 'message'),
  };
}
