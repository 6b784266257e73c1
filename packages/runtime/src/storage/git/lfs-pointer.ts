/** The specification bounds pointers so. */
const MOST_BYTES = 1024;

/** A file that is kept elsewhere, as Git LFS writes it down in its place. */
export interface LfsPointer {
  /** SHA-256 in hexadecimal. */
  readonly oid: string;
  readonly size: number;
}

/** `undefined` for everything that is no pointer. */
export function parseLfsPointer(content: Buffer): LfsPointer | undefined {
  if (content.length > MOST_BYTES) return undefined;
  const text = content.toString('utf8');
  if (!/^version https:\/\/(git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\n/.test(text)) return undefined;
  const [oid, size] = [/^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1], /^size (\d+)$/m.exec(text)?.[1]];
  return oid !== undefined && size !== undefined && Number.isSafeInteger(Number(size)) ? { oid, size: Number(size) } : undefined;
}
