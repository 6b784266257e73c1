/**
 * Whether a relative path with forward slashes matches a pattern: `*` and `?` stay within a folder's name, `**` crosses
 * folders, and a pattern that names a folder stands for all below it.
 */
export function matchesGlob(path: string, pattern: string): boolean {
  const source = pattern
    .replace(/^\.\//, '')
    .replace(/\/+$/, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*\*|\*|\?/g, (found) => GLOB[found as keyof typeof GLOB]);
  return new RegExp(`^${source}(/.*)?$`).test(path);
}

const GLOB = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' } as const;
