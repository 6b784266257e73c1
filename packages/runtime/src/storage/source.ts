import type { Readable } from 'node:stream';
import type { Checksum } from './download/checksum';
import type { FetchSession } from './session';

/** Bytes `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** One file of a model source. */
export interface SourceFile {
  /** Where it goes below the target, with forward slashes; never absolute, never with `..`. */
  readonly path: string;
  /** Bytes that must arrive; `undefined` where the store does not say. */
  readonly size: number | undefined;
  /** Changes whenever the content does (an ETag, a modification time): what has not changed is not fetched again. */
  readonly version: string;
  /** What the store says the content's digest is. */
  readonly checksum?: Checksum | undefined;
  /** Waits until the checksum is known, where the store is asked for it beside the content. @default - it is known with the content */
  settled?(): Promise<void>;
  /** Whether parts of it can be asked for; such a file is fetched in parallel and continued after a break. @default false */
  readonly ranged?: boolean;
  /**
   * One attempt. Without a range, all of it.
   *
   * @throws IsvcError where no retry helps; what the network throws else.
   */
  open(range: ByteRange | undefined, signal: AbortSignal): Readable | Promise<Readable>;
}

/** What a source has, and what becomes of it once it is here. */
export interface Listing {
  readonly files: readonly SourceFile[];
  /** Who asked, as the store knows them. @default - a path of this machine, which asks nobody */
  readonly identity?: string;
  /** Whether making the list has read from what will be fetched, so that nobody need try. @default false */
  readonly proven?: boolean;
  /** Works on the complete, verified files in the stage folder: unpacks an archive. @default - they are the model */
  finish?(stage: string, session: FetchSession): Promise<void>;
}

/**
 * One kind of place that models are stored in. A new one is a file and a line in `sources.ts`.
 */
export interface Source {
  /** URI schemes it answers for, without `://`; help texts show them. */
  readonly schemes: readonly string[];
  /** Whether an address is for it. @default - by its scheme */
  matches?(uri: string): boolean;
  /**
   * Every file of a source, before any is read.
   *
   * @throws IsvcError ISVC_FETCH_NOT_FOUND, ISVC_FETCH_DENIED, ISVC_FETCH_UNREACHABLE, ISVC_FETCH_UNSAFE, ISVC_FETCH_IO
   * or ISVC_FETCH_CONFIG.
   */
  list(uri: string, session: FetchSession): Promise<Listing>;
}
