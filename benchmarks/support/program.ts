import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ownedProcess } from './owned';

export const REPOSITORY = join(__dirname, '..', '..');

export interface Program {
  readonly port: number;
  readonly pid: number;
  /** When it was spawned, on the clock of `performance.now()`. */
  readonly spawnedAt: number;
  stop(): Promise<void>;
}

/** Starts a Node program that logs `port N` on stderr once it listens. */
export async function startProgram(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const spawnedAt = performance.now();
  const child = ownedProcess(spawn(process.execPath, args, { cwd: REPOSITORY, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } }));
  const port = await portOf(child, args);
  return {
    port,
    pid: child.pid as number,
    spawnedAt,
    stop: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}

/** `isvc-runtime serve` as built, on a free port. */
export function startRuntime(modelDir: string, flags: readonly string[] = []): Promise<Program> {
  return startProgram(['packages/runtime/bin/isvc-runtime.js', 'serve', '--model_name=m', `--model_dir=${modelDir}`, '--http_port=0', ...flags]);
}

function portOf(child: ChildProcess, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const port = /\bport (\d+)/.exec(text)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} exited with ${code}: ${text.trim()}`)));
  });
}
