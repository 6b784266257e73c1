import { resolve, sep } from 'node:path';
import { IsvcError } from 'cdk8s-kserve/api';

/**
 * A path below a folder.
 *
 * @param uri what the user wrote, for the message.
 * @throws IsvcError ISVC_FETCH_UNSAFE where `..` would lead out of the folder.
 */
export function joinInside(folder: string, relative: string, uri: string): string {
  const root = resolve(folder);
  const path = resolve(root, `.${sep}${relative}`);
  if (isInside(root, path)) return path;
  throw new IsvcError('ISVC_FETCH_UNSAFE', 'the address leads out of its root with ".."', { path: uri, hint: 'remove the ".." parts' });
}

/** @param root @param path absolute and normalised. */
export function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
