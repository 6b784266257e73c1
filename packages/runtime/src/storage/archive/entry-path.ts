import { IsvcError } from 'cdk8s-kserve/api';

/**
 * The name of an archive entry as a path below the target, without `.` parts and without a final slash; empty for the root.
 *
 * @throws IsvcError ISVC_FETCH_UNSAFE for an absolute name, one with `..`, and names that only other systems read so.
 */
export function entryPath(name: string): string {
  const unsafe = (what: string): IsvcError => new IsvcError('ISVC_FETCH_UNSAFE', `the archive entry "${name}" ${what}`, { hint: 'pack the archive again, with relative names below one folder' });
  if (name.startsWith('/') || /^[a-z]:[\\/]/i.test(name)) throw unsafe('has an absolute name');
  if (name.includes('\0')) throw unsafe('has a zero byte in its name');
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.some((part) => part === '..' || part.startsWith('..\\') || part.includes('\\..'))) throw unsafe('leads out of the target');
  return parts.join('/');
}
