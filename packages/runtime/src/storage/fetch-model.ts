import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { downloadFiles } from './download/download-files';
import { type FetchSession, type SessionOptions, openSession } from './session';
import type { Listing } from './source';
import { listSource } from './sources';
import { resolveStorageSpec } from './storage-spec';
import { openTarget } from './target';
import { covered } from './transport/covered';
import { redactUri } from './transport/redact';
import type { Verification } from './verify/verification';

export interface Fetched {
  readonly files: number;
  readonly bytes: number;
  /** True where the target already held exactly this, and nothing was copied. */
  readonly unchanged: boolean;
}

export interface FetchOptions extends SessionOptions {
  /** What the model must be; one that is not never appears in the folder. @default - whatever the store has */
  readonly verification?: Verification | undefined;
}

/**
 * Copies one source into one folder. Either all of it is there afterwards or, after an error or an abort, none of it;
 * what has arrived from a store is kept aside for the next run.
 *
 * @throws IsvcError of the source, or ISVC_FETCH_IO where writing fails. An abort throws the signal's reason.
 */
export async function fetchModel(uri: string, folder: string, options: FetchOptions): Promise<Fetched> {
  const spec = resolveStorageSpec(uri, options.env);
  let received = 0;
  const session = openSession({ ...options, env: spec.env, onBytes: (bytes) => {
    received += bytes;
    options.onBytes?.(bytes);
  } });
  const source = redactUri(spec.uri);
  session.secrets.addUrl(spec.uri);
  try {
    const listing = await listSource(spec.uri, session);
    if (listing.files.length === 0) {
      throw new IsvcError('ISVC_FETCH_NOT_FOUND', 'the source is an empty folder', { path: source, hint: 'put the model there, or correct storageUri' });
    }
    const unchanged = await copy(listing, source, folder, session, options.verification);
    const bytes = unchanged ? listing.files.reduce((sum, { size }) => sum + (size ?? 0), 0) : received;
    return { files: listing.files.length, bytes, unchanged };
  } catch (error) {
    session.signal.throwIfAborted();
    if (error instanceof IsvcError) throw covered(located(error, source), session.secrets);
    throw new IsvcError('ISVC_FETCH_IO', `copying failed: ${session.secrets.cover(messageOf(error))}`, { path: `${source} to ${folder}`, hint: 'check space and permissions of the target', cause: error });
  } finally {
    session.close();
  }
}

async function copy(listing: Listing, source: string, folder: string, session: FetchSession, verification: Verification | undefined): Promise<boolean> {
  const { files } = listing;
  const target = await openTarget(folder, { source, files: files.map(({ path, version }) => ({ path, version })), ...(verification ? { verified: verification.fingerprint } : {}) });
  if (target.unchanged) return true;
  try {
    session.signal.throwIfAborted();
    await downloadFiles(files, target.stage, session);
    await listing.finish?.(target.stage, session);
    await verification?.check(target.stage, session.signal);
    session.signal.throwIfAborted();
    await target.commit();
    return false;
  } catch (error) {
    if (!(listing.files.some(({ ranged }) => ranged) && isWorthKeeping(error, session))) await target.discard();
    throw error;
  }
}

/** Whether the next run can go on from the stage: after a stop or a break, not where its content is the problem. */
function isWorthKeeping(error: unknown, { signal }: FetchSession): boolean {
  return signal.aborted || (error instanceof IsvcError && (error.code === 'ISVC_FETCH_UNREACHABLE' || error.code === 'ISVC_FETCH_DENIED'));
}

/** An error about one file says of which model. */
function located(error: IsvcError, source: string): IsvcError {
  const { code, message, path, hint, cause } = error;
  if (path !== undefined && (path.includes(source) || path.startsWith('/'))) return error;
  return new IsvcError(code, message, { path: path === undefined ? source : `${source} (${path})`, hint, cause });
}
