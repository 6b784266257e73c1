import type { Readable } from 'node:stream';

/** One file of a model source. */
export interface SourceFile {
  /** Where it goes below the target, with forward slashes; never absolute, never with `..`. */
  readonly path: string;
  /** Bytes that must arrive. */
  readonly size: number;
  /** Changes whenever the content does (an ETag, a modification time): what has not changed is not fetched again. */
  readonly version: string;
  open(): Readable;
}

export interface SourceContext {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/**
 * One kind of place that models are stored in. A new one is a file and a line in `sources.ts`.
 */
export interface Source {
  /** URI schemes it answers for, without `://`. */
  readonly schemes: readonly string[];
  /**
   * Every file of a source, before any is read.
   *
   * @throws IsvcError ISVC_FETCH_NOT_FOUND, ISVC_FETCH_UNSAFE, ISVC_FETCH_IO or ISVC_FETCH_CONFIG.
   */
  list(uri: string, context: SourceContext): Promise<readonly SourceFile[]>;
}
