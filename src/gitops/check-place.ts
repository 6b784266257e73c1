import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { IsvcError } from '../api';

/**
 * Looks at every step from a folder to a file in it.
 *
 * @throws IsvcError ISVC_CONSTRUCT_MISUSE when a link leads out of the folder, a file stands where a folder must be, or a
 * folder where the file must be.
 */
export function checkPlace(folder: string, path: string): void {
  const refuse = (at: string, message: string): IsvcError => new IsvcError('ISVC_CONSTRUCT_MISUSE', `${at}: ${message}`, { path });
  const steps = path.split('/').filter((step) => step !== '' && step !== '.');
  if (steps.length === 0) throw refuse(join(folder, path), `"${path}" is no file; correct the line in .cdk8s-kserve-files, or restore that file`);
  for (let depth = 1; depth <= steps.length; depth++) {
    const place = join(folder, ...steps.slice(0, depth));
    const found = statsOf(place);
    if (!found) return;
    if (found.isSymbolicLink()) {
      const target = targetOf(place);
      if (target === undefined || leadsOut(realpathSync(folder), target)) throw refuse(place, 'is a link that leads out of the folder; remove it, or choose another folder');
    } else if (depth < steps.length && !found.isDirectory()) throw refuse(place, 'is a file where a folder must be; move it away, or choose another folder');
    else if (depth === steps.length && !found.isFile()) throw refuse(place, 'is a folder where a file must be; move it away, or choose another folder');
  }
}

function statsOf(place: string): Stats | undefined {
  return lstatSync(place, { throwIfNoEntry: false });
}

/** Undefined when the link leads nowhere: what is written through it would come to lie there. */
function targetOf(link: string): string | undefined {
  try {
    return realpathSync(link);
  } catch {
    return undefined;
  }
}

function leadsOut(folder: string, target: string): boolean {
  const way = relative(folder, target);
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
}
