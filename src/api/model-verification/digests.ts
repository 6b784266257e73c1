/** SHA-256 digests, 64 lower-case hexadecimal digits each, by path below the model. */
export type ModelDigests = ReadonlyMap<string, string>;

const CHECKSUM_LINE = /^([0-9a-fA-F]+) [ *](.+)$/;
const TAGGED_LINE = /^([A-Za-z0-9/-]+) \((.+)\) = ([0-9a-fA-F]+)$/;
const DIGITS = 64;

/**
 * Reads what `sha256sum` writes, in either of its forms: `DIGEST  PATH` and `SHA256 (PATH) = DIGEST`. Never throws.
 *
 * @returns what could be read, and one sentence for each line that could not.
 */
export function parseModelDigests(text: string): { readonly digests: ModelDigests; readonly problems: readonly string[] } {
  const digests = new Map<string, string>();
  const problems: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const entry = entryOf(line);
    const path = typeof entry === 'string' ? '' : entry.path;
    const problem = typeof entry === 'string' ? entry : digests.has(path) ? `"${path}" is there twice` : pathProblem(path);
    if (problem !== undefined) problems.push(`line ${index + 1}: ${problem}`);
    else if (typeof entry !== 'string') digests.set(path, entry.digest);
  }
  if (digests.size === 0 && problems.length === 0) problems.push('no line has a digest');
  return { digests, problems };
}

/** The line's content, or what is wrong with it. */
function entryOf(line: string): { readonly path: string; readonly digest: string } | string {
  const plain = CHECKSUM_LINE.exec(line);
  const tagged = plain ? null : TAGGED_LINE.exec(line);
  const [path, digest] = plain ? [plain[2], plain[1]] : [tagged?.[2], tagged?.[3]];
  if (path === undefined || digest === undefined) return 'must read "DIGEST  PATH", as sha256sum writes it';
  if (tagged && tagged[1] !== 'SHA256') return `algorithm "${tagged[1]}" is not known; only SHA256 is`;
  if (digest.length !== DIGITS) return `a SHA-256 digest has ${DIGITS} digits, this one has ${digest.length}; write the file with sha256sum`;
  return { path: path.replace(/^(\.\/)+/, ''), digest: digest.toLowerCase() };
}

function pathProblem(path: string): string | undefined {
  const plain = !path.startsWith('/') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  return plain ? undefined : `"${path}" must be a path below the model, such as weights/model.bin`;
}
