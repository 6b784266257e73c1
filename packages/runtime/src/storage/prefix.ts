import { IsvcError } from 'cdk8s-kserve/api';

/** A file of an object store and the path that it gets below the target. */
export interface Placed<T> {
  readonly path: string;
  readonly item: T;
}

/**
 * The objects that an address means: the object of exactly that key, else those below it as a folder.
 *
 * KServe differs: it takes the address as a plain prefix, so that `model` also brings `model2/x`, stored as `2/x`.
 *
 * @param where the listed place, for messages: `s3: bucket models`.
 * @throws IsvcError ISVC_FETCH_NOT_FOUND where there is none.
 */
export function filesBelowPrefix<T>(items: readonly T[], prefix: string, keyOf: (item: T) => string, where: string): readonly Placed<T>[] {
  const exact = items.find((item) => keyOf(item) === prefix);
  if (exact !== undefined) return [{ path: prefix.split('/').at(-1) ?? prefix, item: exact }];
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const below = items.filter((item) => keyOf(item).startsWith(folder)).map((item) => ({ path: keyOf(item).slice(folder.length), item }));
  if (below.length > 0) return below;
  // The listing was by prefix, so what it has begins as the address ends.
  const similar = [...new Set(items.map((item) => prefix + (keyOf(item).slice(prefix.length).split('/')[0] ?? '')))].slice(0, 3);
  throw new IsvcError('ISVC_FETCH_NOT_FOUND', prefix === '' ? `${where} is empty` : `${where} has nothing at "${prefix}"`, {
    hint: similar.length > 0 ? `there is ${similar.map((name) => `"${name}"`).join(', ')}; correct the path` : 'check the path',
  });
}
