import type { Readable } from 'node:stream';
import { IsvcError } from 'cdk8s-kserve/api';
import type { FetchSession } from '../session';
import type { SourceFile } from '../source';
import { askText, type StoreAccess } from '../transport/ask';
import { anonymous } from '../transport/authorizer';
import { HttpFailure } from '../transport/failure';
import { asArray, asObject, asText, parseJson } from '../transport/json';
import { openBody } from '../transport/open-body';
import { targetOf } from '../transport/redirects';
import type { StoreWords } from '../transport/store-error';
import type { LfsFile } from './checkout';

const MEDIA_TYPE = 'application/vnd.git-lfs+json';
/** What servers allow in one request. */
const BATCH = 100;
/** An address is asked for anew this long before it ends. */
const EARLY_MS = 60_000;

/** Where an object can be had for a while. */
interface Download {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/**
 * Files of Git LFS as they are to be fetched: where they are is asked of the repository's LFS server, and again where that
 * has run out.
 *
 * @param base address of the repository.
 * @throws IsvcError ISVC_FETCH_NOT_FOUND for an object that the server lacks, and what asking throws.
 */
export async function lfsFiles(files: readonly LfsFile[], base: string, access: StoreAccess, words: StoreWords, session: FetchSession): Promise<readonly SourceFile[]> {
  const endpoint = new URL(`${base}/info/lfs/objects/batch`);
  const downloads = new Map<string, Download>();
  const find = async (some: readonly LfsFile[]): Promise<void> => {
    for (const [oid, download] of await ask(some, endpoint, access, session)) downloads.set(oid, download);
  };
  const objects = [...new Map(files.map((file) => [file.oid, file])).values()];
  for (let at = 0; at < objects.length; at += BATCH) await find(objects.slice(at, at + BATCH));
  return files.map((file): SourceFile => ({
    path: file.path,
    size: file.size,
    version: file.oid,
    checksum: { algorithm: 'sha256', digest: file.oid },
    ranged: file.size > 0,
    async open(range, signal) {
      if ((downloads.get(file.oid)?.expires ?? 0) - EARLY_MS < session.clock.now()) await find([file]);
      const openNow = async (): Promise<Readable> => {
        const download = downloads.get(file.oid);
        if (!download) throw lacking(file, 'it was there before');
        // Its own header counts; the user's goes along only to the server that it is for.
        const own = download.url.origin === endpoint.origin && download.headers['authorization'] === undefined;
        const from = { client: access.client, authorizer: own ? access.authorizer : anonymous, redirects: true };
        return openBody({ url: download.url, headers: download.headers }, range, from, words, signal);
      };
      try {
        return await openNow();
      } catch (error) {
        if (!mayHaveRunOut(error)) throw error;
        await find([file]);
        return openNow();
      }
    },
  }));
}

/** Servers often do not say until when an address is good, and each store refuses an old one in its own way. */
function mayHaveRunOut(error: unknown): boolean {
  const { cause } = error as { readonly cause?: unknown };
  return cause instanceof HttpFailure && [400, 401, 403, 404, 410].includes(cause.status);
}

async function ask(files: readonly LfsFile[], endpoint: URL, access: StoreAccess, session: FetchSession): Promise<readonly (readonly [string, Download])[]> {
  const body = JSON.stringify({ operation: 'download', transfers: ['basic'], objects: files.map(({ oid, size }) => ({ oid, size })) });
  const { text } = await askText({ method: 'POST', url: endpoint, headers: { accept: MEDIA_TYPE, 'content-type': MEDIA_TYPE }, body }, access, session);
  const answers = new Map(asArray(asObject(parseJson(text, 'git lfs'))['objects']).map(asObject).map((object) => [asText(object['oid']), object]));
  return files.map((file) => {
    const answer = answers.get(file.oid) ?? {};
    const download = asObject(asObject(answer['actions'])['download']);
    const href = asText(download['href']);
    if (href === '') throw lacking(file, asText(asObject(answer['error'])['message']).slice(0, 300));
    const headers = Object.fromEntries(Object.entries(asObject(download['header'])).map(([name, value]) => [name.toLowerCase(), asText(value)]));
    return [file.oid, { url: targetOf(href, endpoint), headers, expires: expiryOf(download, session.clock.now()) }] as const;
  });
}

function expiryOf(download: Readonly<Record<string, unknown>>, now: number): number {
  const seconds = Number(download['expires_in']);
  if (seconds > 0) return now + seconds * 1000;
  const at = Date.parse(asText(download['expires_at']));
  return Number.isFinite(at) ? at : Infinity;
}

function lacking({ path }: LfsFile, why: string): IsvcError {
  return new IsvcError('ISVC_FETCH_NOT_FOUND', `git lfs: the server does not give "${path}"${why ? `: ${why}` : ''}`, { hint: 'push it with git lfs push --all' });
}
