import { setMaxListeners } from 'node:events';
import { IsvcError } from 'cdk8s-kserve/api';
import type { FetchSession } from '../session';
import type { SourceFile } from '../source';
import { assertSpace } from './disk-space';
import { digestsInThread } from './file-digest';
import { IncomingFile } from './incoming-file';
import { Journal } from './journal';
import type { Part } from './parts';

/** Where there is less to check, starting a thread for it takes longer than it saves. */
const WORTH_A_THREAD = 64 * 1024 * 1024;

/**
 * Fetches files below a stage folder, several parts at a time, and checks every one. Memory does not grow with the files:
 * each connection holds a chunk or two. What an earlier run has left in the same folder is kept.
 *
 * @throws IsvcError of the first failure, after all connections have ended.
 */
export async function downloadFiles(files: readonly SourceFile[], stage: string, session: FetchSession): Promise<void> {
  assertPlainPaths(files);
  const journal = await Journal.open(stage);
  const digests = files.reduce((sum, { size = 0 }) => sum + size, 0) > WORTH_A_THREAD ? digestsInThread() : undefined;
  const incoming = files.map((file) => new IncomingFile(file, stage, journal, session.settings.partBytes, digests));
  const failed = new AbortController();
  const signal = AbortSignal.any([session.signal, failed.signal]);
  setMaxListeners(0, signal);
  const queue = work(incoming);
  const connect = async (): Promise<void> => {
    for (const [file, part] of queue) {
      signal.throwIfAborted();
      await file.fetch(part, session, signal);
    }
  };
  let first: { readonly error: unknown } | undefined;
  try {
    await assertSpace(stage, incoming.reduce((sum, file) => sum + file.missingBytes, 0));
    await Promise.all(Array.from({ length: session.settings.connections }, () => connect().catch((error: unknown) => {
      first ??= { error };
      failed.abort(error);
    })));
  } finally {
    await Promise.all(incoming.map((file) => file.close()));
    await digests?.close();
    await journal.close();
  }
  if (!first) return;
  session.signal.throwIfAborted();
  throw first.error;
}

/** One queue that all connections take from. */
function* work(files: readonly IncomingFile[]): Generator<readonly [IncomingFile, Part], void> {
  for (const file of files) for (const part of file.missing) yield [file, part];
}

/** A store may hold keys that no folder can: they must not lead elsewhere, and not hide one another. */
function assertPlainPaths(files: readonly SourceFile[]): void {
  const seen = new Set<string>();
  for (const { path } of files) {
    if (path === '' || path.startsWith('/') || path.includes('\0') || path.split('/').some((part) => part === '..' || part === '.' || part === '')) {
      throw new IsvcError('ISVC_FETCH_UNSAFE', `"${path}" is not a name that a folder can hold`, { hint: 'rename it in the store, or leave it out with STORAGE_IGNORE_PATTERNS' });
    }
    if (seen.has(path)) throw new IsvcError('ISVC_FETCH_UNSAFE', `"${path}" is there twice`, { hint: 'remove one of the two' });
    seen.add(path);
  }
}
