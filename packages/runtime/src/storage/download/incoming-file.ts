import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { IsvcError } from 'cdk8s-kserve/api';
import type { FetchSession } from '../session';
import type { SourceFile } from '../source';
import { RangeIgnored } from '../transport/failure';
import { type ChecksumAlgorithm, type Digest, digestOf, digestOfFile } from './checksum';
import { fetchPart } from './fetch-part';
import type { FileDigest, FileDigests } from './file-digest';
import type { Journal } from './journal';
import { type Part, partsOf } from './parts';

/** A file on its way: opened by its first part, checked after its last. */
export class IncomingFile {
  readonly source: SourceFile;
  /** Those that have not arrived in an earlier run. */
  readonly missing: readonly Part[];
  private readonly path: string;
  private readonly journal: Journal;
  /** Those that are not on the disk yet, in their order. */
  private readonly ahead: Part[];
  /** @default - this thread takes the digest */
  private readonly digests: FileDigests | undefined;
  private readonly inOrder: boolean;
  private open: Promise<FileHandle> | undefined;
  private left: number;
  private seen: Digest | undefined;
  private following: FileDigest | undefined;
  /** Parts under way. */
  private readonly running = new Set<Promise<number>>();
  /** Set once the store has answered a range with everything: from then on the file comes as one stream. */
  private whole: Promise<void> | undefined;

  constructor(source: SourceFile, stage: string, journal: Journal, partBytes: number, digests?: FileDigests) {
    const parts = partsOf(source, partBytes);
    this.source = source;
    this.path = join(stage, source.path);
    this.journal = journal;
    this.missing = parts.filter(({ range }) => !journal.has(source.path, range ?? wholeOf(source)));
    this.left = this.missing.length;
    this.ahead = [...this.missing];
    this.digests = digests;
    // Parts of a large file arrive in any order, so its digest is taken from the disk.
    this.inOrder = !digests && parts.length === 1 && this.missing.length === 1;
  }

  /** Bytes still to come; unknown sizes count as nothing. */
  get missingBytes(): number {
    return this.missing.reduce((sum, { range }) => sum + (range ? range.end - range.start : (this.source.size ?? 0)), 0);
  }

  /** @throws what `fetchPart` throws, and IsvcError ISVC_FETCH_CORRUPT for a wrong digest. */
  async fetch(part: Part, session: FetchSession, signal: AbortSignal): Promise<void> {
    if (this.whole) return this.whole;
    const handle = await (this.open ??= openFor(this.path));
    const { checksum } = this.source;
    const running = fetchPart(part, { handle, digest: () => (this.seen = this.inOrder && checksum ? digestOf(checksum.algorithm) : undefined) }, session, signal);
    this.running.add(running);
    let written: number;
    try {
      written = await running;
    } catch (error) {
      if (!(error instanceof RangeIgnored)) throw error;
      this.running.delete(running);
      return (this.whole ??= this.fetchWhole(handle, session, signal));
    } finally {
      this.running.delete(running);
    }
    this.follow(part);
    if (--this.left > 0) return this.journal.add(this.source.path, part.range ?? wholeOf(this.source));
    await this.complete(handle, written, session, signal);
    // Only now: a part that completes a damaged file must not count as arrived.
    await this.journal.add(this.source.path, part.range ?? wholeOf(this.source));
  }

  /** All of it in one stream, over whatever parts have come: they are of the same version. */
  private async fetchWhole(handle: FileHandle, session: FetchSession, signal: AbortSignal): Promise<void> {
    session.warn(`${this.source.path}: the store does not serve parts of it; fetched as a whole`);
    // Nobody may write behind the back of the stream, and none of them waits for it.
    await Promise.allSettled(this.running);
    this.startOver();
    const { checksum } = this.source;
    const written = await fetchPart({ file: this.source, range: undefined }, { handle, digest: () => (this.seen = checksum && !this.digests ? digestOf(checksum.algorithm) : undefined) }, session, signal);
    await this.complete(handle, written, session, signal);
    for (const { range } of this.missing) await this.journal.add(this.source.path, range ?? wholeOf(this.source));
  }

  /** A wrong digest may come from the way here: everything is fetched once more before the store is blamed. */
  private async complete(handle: FileHandle, written: number, session: FetchSession, signal: AbortSignal): Promise<void> {
    await handle.truncate(this.source.size ?? written);
    try {
      await this.verify(this.source.size ?? written, signal);
    } catch (error) {
      if (!(error instanceof IsvcError)) throw error;
      session.warn(`${this.source.path}: ${error.message}; fetched once more`);
      this.startOver();
      session.onBytes(-(this.source.size ?? written));
      const again = this.whole ? [{ file: this.source, range: undefined }] : partsOf(this.source, session.settings.partBytes);
      for (const part of again) await fetchPart(part, { handle, digest: () => undefined }, session, signal);
      await this.verify(this.source.size ?? written, signal);
    }
    await this.close();
  }

  async close(): Promise<void> {
    const handle = await this.open?.catch(() => undefined);
    this.open = undefined;
    await handle?.close();
  }

  /** Lets the digest go on up to the first part that is still missing. */
  private follow(arrived: Part): void {
    this.ahead.splice(this.ahead.indexOf(arrived), 1);
    const { checksum, size } = this.source;
    const end = this.ahead.length > 0 ? this.ahead[0]?.range?.start : size;
    if (!this.digests || !checksum || end === undefined) return;
    (this.following ??= this.digests.of(this.path, checksum.algorithm)).advance(end);
  }

  /** What has been seen of the file counts no more. */
  private startOver(): void {
    this.seen = undefined;
    this.following?.forget();
    this.following = undefined;
  }

  private async digestOf(algorithm: ChecksumAlgorithm, size: number, signal: AbortSignal): Promise<string> {
    if (!this.digests) return this.seen ? this.seen.hex() : digestOfFile(this.path, algorithm, signal);
    // A store may state another checksum with its last answer than with its first.
    if (this.following?.algorithm !== algorithm) this.startOver();
    const following = (this.following ??= this.digests.of(this.path, algorithm));
    following.advance(size);
    this.following = undefined;
    return following.hex(signal);
  }

  private async verify(size: number, signal: AbortSignal): Promise<void> {
    await this.source.settled?.();
    const { checksum, path } = this.source;
    if (!checksum) return;
    const digest = await this.digestOf(checksum.algorithm, size, signal);
    if (digest === checksum.digest) return;
    throw new IsvcError('ISVC_FETCH_CORRUPT', `the ${checksum.algorithm} digest is ${digest}, the store announced ${checksum.digest}`, {
      path,
      hint: 'fetch again; if it stays so, upload the file again',
    });
  }
}

async function openFor(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true });
  // Not truncated: parts of an earlier run are in it.
  return open(path, 'r+').catch(() => open(path, 'w+'));
}

function wholeOf({ size }: SourceFile): { readonly start: number; readonly end: number } {
  return { start: 0, end: size ?? -1 };
}
