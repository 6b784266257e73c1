import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The Python of a virtual environment with these packages, made once in the user's cache. @param name of its folder. */
export function pythonWith(name: string, packages: readonly string[]): string {
  const venv = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk8s-kserve', name);
  const python = join(venv, 'bin/python');
  if (existsSync(join(venv, 'complete'))) return python;
  rmSync(venv, { recursive: true, force: true });
  must('python3', ['-m', 'venv', venv]);
  must(python, ['-m', 'pip', 'install', '--quiet', ...packages]);
  mkdirSync(join(venv, 'complete'));
  return python;
}

/** @returns what it printed. @throws Error with what it complained of where it fails. */
export function must(command: string, args: readonly string[], input: Buffer = Buffer.alloc(0)): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', input });
  if (error || status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr}; the comparison needs Python 3.10 to 3.12 and a package index`);
  return stdout;
}
