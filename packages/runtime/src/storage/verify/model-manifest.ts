/** Digests that both Node and the signing tools know. */
export const MANIFEST_ALGORITHMS = { sha256: 'sha256', blake2b: 'blake2b512' } as const;
export type ManifestAlgorithm = keyof typeof MANIFEST_ALGORITHMS;

/** Bytes `start` up to, not including, `end` of a file; to its end where there is none. */
export interface Piece {
  readonly start: number;
  readonly end: number | undefined;
  readonly algorithm: ManifestAlgorithm;
  /** Lower-case hexadecimal. */
  readonly digest: string;
}

/** What a model must consist of: these files and no others. */
export interface ModelManifest {
  /** Pieces in their order, by path. The path `.` stands for a model of a single file, whatever its name. */
  readonly files: ReadonlyMap<string, readonly Piece[]>;
  /** Files and folders that whoever made it has left out; they are removed, as nobody answers for them. */
  readonly leftOut: readonly string[];
}

/** A manifest of whole files. */
export function manifestOf(digests: ReadonlyMap<string, string>): ModelManifest {
  return { files: new Map([...digests].map(([path, digest]) => [path, [{ start: 0, end: undefined, algorithm: 'sha256', digest }]])), leftOut: [] };
}
