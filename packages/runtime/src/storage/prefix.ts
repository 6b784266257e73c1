/** A file of an object store and the path that it gets below the target. */
export interface Placed<T> {
  readonly path: string;
  readonly item: T;
}

/**
 * The objects that an address means: the object of exactly that key, else those below it as a folder.
 *
 * KServe differs: it takes the address as a plain prefix, so that `model` also brings `model2/x`, stored as `2/x`.
 */
export function filesBelowPrefix<T>(items: readonly T[], prefix: string, keyOf: (item: T) => string): readonly Placed<T>[] {
  const exact = items.find((item) => keyOf(item) === prefix);
  if (exact !== undefined) return [{ path: prefix.split('/').at(-1) ?? prefix, item: exact }];
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  return items.filter((item) => keyOf(item).startsWith(folder)).map((item) => ({ path: keyOf(item).slice(folder.length), item }));
}
