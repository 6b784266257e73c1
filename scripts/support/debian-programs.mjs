// Takes programs out of packages of Debian, once, into a cache outside the repository: nothing is installed and no daemon starts.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './go-programs.mjs';

/** Where a program is neither there nor to be had. */
export class PackageMissing extends Error {}

/**
 * The program of a package of the same name: that of `PATH`, or of the cache, which apt fills first if need be.
 *
 * @returns its file.
 * @throws PackageMissing
 */
export function debianProgram(name, env = process.env) {
  const onPath = (env.PATH ?? '').split(':').map((folder) => join(folder, name)).find((file) => existsSync(file));
  if (onPath) return onPath;
  const cache = join(cacheFolder(env), 'debian');
  const file = join(cache, `${name}-${process.arch}`, 'usr/bin', name);
  if (existsSync(file)) return file;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'get-'));
  try {
    const run = (command, ...args) => {
      const { error, status, stderr } = spawnSync(command, args, { cwd: work, encoding: 'utf8' });
      if (error || status !== 0) throw new PackageMissing(`${name} is not on PATH, and ${command} ${args.join(' ')} failed: ${(error?.message ?? stderr).trim()}; install ${name}, or run apt-get update first`);
    };
    run('apt-get', 'download', name);
    run('dpkg-deb', '-x', readdirSync(work).find((entry) => entry.endsWith('.deb')), 'result');
    rmSync(join(cache, `${name}-${process.arch}`), { recursive: true, force: true });
    renameSync(join(work, 'result'), join(cache, `${name}-${process.arch}`));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return file;
}
