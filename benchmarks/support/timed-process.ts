import { spawnSync } from 'node:child_process';
import { REPOSITORY } from './program';
import { median } from './median';

/** Median wall time in milliseconds of a Node process that must succeed. */
export function timeNode(args: readonly string[], rounds: number, env: Readonly<Record<string, string>> = {}): number {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const begun = performance.now();
    const result = spawnSync(process.execPath, args, { cwd: REPOSITORY, encoding: 'utf8', env: { ...process.env, ...env } });
    times.push(performance.now() - begun);
    if (result.status !== 0) throw new Error(`node ${args.join(' ')} failed: ${result.stderr}`);
  }
  return median(times);
}
