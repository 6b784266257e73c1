import { readFileSync, statSync } from 'node:fs';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { Log } from '../../process/log';

/**
 * Calls `changed` when the content of a file may be another. It polls: a Secret that is mounted as a volume changes by a
 * renamed link two folders up, which file system events do not show.
 *
 * @returns ends the watch.
 */
export function watchForChange(path: string, changed: () => void, intervalMs: number): () => void {
  let last = stampOf(path);
  const timer = setInterval(() => {
    const now = stampOf(path);
    if (now === last) return;
    last = now;
    changed();
  }, intervalMs).unref();
  return () => clearInterval(timer);
}

function stampOf(path: string): string {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats ? `${stats.ino} ${stats.mtimeNs} ${stats.size}` : '';
}

/**
 * @param flag the option that named it, for the message.
 * @throws IsvcError ISVC_SERVER_OPTION for a file that cannot be read or is empty.
 */
export function readOptionFile(path: string, flag: string): Buffer {
  try {
    if (statSync(path).size === 0) throw new Error('the file is empty');
    return readFileSync(path);
  } catch (error) {
    throw new IsvcError('ISVC_SERVER_OPTION', `the file of ${flag} cannot be used: ${messageOf(error)}`, { path, hint: `name a readable file, or leave ${flag} out`, cause: error });
  }
}

/** Runs a reload that must not end the server: what was read before stays in use, and a line says so. */
export function reloadOrKeep(what: string, log: Log, reload: () => void): void {
  try {
    reload();
    log.info(`${what}: read again`);
  } catch (error) {
    log.error(`${what}: changed but cannot be used, the former one stays: ${messageOf(error)}`);
  }
}
