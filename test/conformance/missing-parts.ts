/** One place where an object lacks what another has. */
export interface MissingPart {
  /** Field path, list items by name where they have one. */
  readonly path: string;
  readonly wanted: unknown;
  readonly found: unknown;
}

/**
 * What `wanted` has and `found` has not. Further fields and further named list items of `found` do not count; lists of
 * anything else must be equal, since order and number mean something there (arguments, route rules).
 */
export function missingParts(wanted: unknown, found: unknown, path = ''): readonly MissingPart[] {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(found)) return [{ path, wanted, found }];
    if (wanted.every(isNamed)) {
      return wanted.flatMap((item) => missingParts(item, found.find((f) => isNamed(f) && f.name === item.name), `${path}[${item.name}]`));
    }
    if (wanted.length !== found.length) return [{ path, wanted, found }];
    return wanted.flatMap((item, index) => missingParts(item, found[index], `${path}[${index}]`));
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof found !== 'object' || found === null) return [{ path, wanted, found }];
    const has = found as Readonly<Record<string, unknown>>;
    return Object.entries(wanted).flatMap(([key, item]) => missingParts(item, has[key], path === '' ? key : `${path}.${key}`));
  }
  return wanted === found ? [] : [{ path, wanted, found }];
}

function isNamed(value: unknown): value is { readonly name: string } {
  const name = typeof value === 'object' && value !== null ? (value as { name?: unknown }).name : undefined;
  return typeof name === 'string' && name !== '';
}
