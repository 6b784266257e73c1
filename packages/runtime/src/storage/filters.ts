import { IsvcError } from 'cdk8s-kserve/api';
import type { SourceFile } from './source';

/**
 * Leaves out what `STORAGE_ALLOW_PATTERNS` does not allow and what `STORAGE_IGNORE_PATTERNS` ignores. Both are a JSON array
 * or a comma list of shell patterns on the path below the source; `*` crosses `/`, as in KServe.
 *
 * @throws IsvcError ISVC_FETCH_CONFIG for an array of anything else, ISVC_FETCH_NOT_FOUND where nothing is left.
 */
export function filterFiles<T extends Pick<SourceFile, 'path'>>(files: readonly T[], env: NodeJS.ProcessEnv, uri: string): readonly T[] {
  const allow = patternsOf(env, 'STORAGE_ALLOW_PATTERNS');
  const ignore = patternsOf(env, 'STORAGE_IGNORE_PATTERNS');
  const kept = files.filter(({ path }) => (allow.length === 0 || allow.some((p) => p.test(path))) && !ignore.some((p) => p.test(path)));
  if (files.length > 0 && kept.length === 0) {
    throw new IsvcError('ISVC_FETCH_NOT_FOUND', `none of its ${files.length} files passes STORAGE_ALLOW_PATTERNS and STORAGE_IGNORE_PATTERNS`, {
      path: uri,
      hint: `correct the patterns; the first file is "${files[0]?.path}"`,
    });
  }
  return kept;
}

function patternsOf(env: NodeJS.ProcessEnv, name: string): readonly RegExp[] {
  const text = env[name]?.trim();
  if (!text) return [];
  if (!text.startsWith('[')) return text.split(',').map((part) => part.trim()).filter((part) => part !== '').map(shellPattern);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (Array.isArray(value) && value.every((entry): entry is string => typeof entry === 'string')) return value.map(shellPattern);
  throw new IsvcError('ISVC_FETCH_CONFIG', `${name} is neither a JSON array of texts nor a comma list`, { hint: 'write it as ["*.safetensors", "*.json"]' });
}

/** A shell pattern (`*`, `?`, `[abc]`, `[!abc]`) as an expression of a whole path. */
export function shellPattern(pattern: string): RegExp {
  const source = pattern.replace(/\[(!?)([^\]]+)\]|\*+|[^]/g, (token, not: string | undefined, set: string | undefined) => {
    if (set !== undefined) return `[${not ? '^' : ''}${set.replace(/[\\\]^]/g, '\\$&')}]`;
    if (token.startsWith('*')) return '[^]*';
    return token === '?' ? '[^]' : token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source}$`);
}
