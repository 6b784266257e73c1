import type { ByteRange, SourceFile } from '../source';

/** A stretch of a file that one connection fetches. */
export interface Part {
  readonly file: SourceFile;
  /** `undefined` where the file comes as a whole. */
  readonly range: ByteRange | undefined;
}

/** Cuts a file into parts of at most `partBytes`; one that cannot be cut, or need not, is one part. */
export function partsOf(file: SourceFile, partBytes: number): readonly Part[] {
  const { size, ranged = false } = file;
  if (!ranged || size === undefined || size === 0) return [{ file, range: undefined }];
  const parts: Part[] = [];
  for (let start = 0; start < size; start += partBytes) parts.push({ file, range: { start, end: Math.min(start + partBytes, size) } });
  return parts;
}
