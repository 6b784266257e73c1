import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { openSession, type SessionOptions } from './session';
import type { Listing } from './source';
import { listSource } from './sources';
import { resolveStorageSpec } from './storage-spec';
import { covered } from './transport/covered';
import { redactUri } from './transport/redact';

/** What a store lets somebody do. */
export interface Access {
  /** Why fetching would fail; undefined where it would not. */
  readonly refusal: IsvcError | undefined;
  /** Who asked, as the store knows them: `access key AKIA...`, `anonymous`; undefined where that is not known. */
  readonly identity: string | undefined;
  /** What a pod would be given by its node or role and this machine was not; undefined where nothing was left out. */
  readonly machineIdentity: string | undefined;
}

export type AccessOptions = Omit<SessionOptions, 'probe' | 'onBytes' | 'onMachineIdentity'>;

/**
 * Tries the access that fetching a source takes: lists it, a page at most, and reads the first bytes of one file. Only
 * credentials of the environment are used, never those of this machine.
 *
 * @throws only the reason of an abort; everything else is the refusal.
 */
export async function checkAccess(uri: string, options: AccessOptions): Promise<Access> {
  let machineIdentity: string | undefined;
  const attempt = (probe: boolean): Promise<string | undefined> => tryAccess(uri, { ...options, probe, onMachineIdentity: (what) => (machineIdentity = what) });
  try {
    // What the first page does not show may be on another: patterns choose files.
    const identity = await attempt(true).catch((error: unknown) => {
      if (error instanceof IsvcError && error.code === 'ISVC_FETCH_NOT_FOUND') return attempt(false);
      throw error;
    });
    return { refusal: undefined, identity, machineIdentity };
  } catch (error) {
    options.signal.throwIfAborted();
    const refusal = error instanceof IsvcError ? error : new IsvcError('ISVC_FETCH_IO', messageOf(error), { path: redactUri(uri), cause: error });
    return { refusal, identity: undefined, machineIdentity };
  }
}

async function tryAccess(uri: string, options: SessionOptions): Promise<string | undefined> {
  const spec = resolveStorageSpec(uri, options.env);
  const session = openSession({ ...options, env: spec.env });
  session.secrets.addUrl(spec.uri);
  try {
    const listing = await listSource(spec.uri, session);
    if (listing.files.length === 0) throw new IsvcError('ISVC_FETCH_NOT_FOUND', 'the source is an empty folder', { path: redactUri(spec.uri), hint: 'put the model there, or correct storageUri' });
    if (!listing.proven) await readSome(listing, session.signal);
    return listing.identity;
  } catch (error) {
    throw error instanceof IsvcError ? covered(error, session.secrets) : error;
  } finally {
    session.close();
  }
}

async function readSome({ files }: Listing, signal: AbortSignal): Promise<void> {
  const file = files.find(({ size }) => size !== 0);
  if (!file) return;
  const body = await file.open(file.ranged ? { start: 0, end: 1 } : undefined, signal);
  try {
    for await (const _chunk of body) break;
  } finally {
    body.destroy();
  }
}
