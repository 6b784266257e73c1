import { statfs } from 'node:fs/promises';
import { IsvcError } from 'cdk8s-kserve/api';

/** Checks that so many more bytes fit. @throws IsvcError ISVC_FETCH_SPACE */
export async function assertSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (bytes > free) throw tooLittleSpace(folder, `${inUnits(bytes)} are to come and ${inUnits(free)} are free`);
}

export function tooLittleSpace(folder: string, why: string, cause?: unknown): IsvcError {
  return new IsvcError('ISVC_FETCH_SPACE', `the model does not fit: ${why}`, { path: folder, hint: 'give the volume or the node more space, or raise sizeLimit and ephemeral-storage', cause });
}

/** `1.5 GiB`. */
export function inUnits(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${power === 0 ? bytes : (bytes / 1024 ** power).toFixed(1)} ${units[power]}`;
}
