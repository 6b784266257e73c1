import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../support/until';

const ROOT = join(__dirname, '..', '..', '..');
export const ISVC_BIN = join(ROOT, 'packages/cli/bin/isvc.js');
export const EXAMPLE = join(ROOT, 'examples/01-first-model');

/** `isvc` as a user starts it: the built program, in a process of its own. */
export interface IsvcProcess {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly exit: Promise<number | NodeJS.Signals>;
  /** Events of `--json` so far. */
  readonly events: () => readonly Record<string, unknown>[];
  /** The first event of a kind. Rejects when the process ends without one. */
  event(kind: string): Promise<Record<string, unknown>>;
}

const running = new Set<ChildProcess>();

afterEach(async () => {
  for (const child of running) {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
});

/** `keep`: it outlives the test that started it, whose file ends it. */
export function isvc(args: readonly string[], env: Readonly<Record<string, string>> = {}, { keep = false }: { readonly keep?: boolean } = {}): IsvcProcess {
  const child = spawn(process.execPath, [ISVC_BIN, ...args], { env: { ...process.env, NO_COLOR: '1', ...env } });
  if (!keep) running.add(child);
  let stdout = '';
  let stderr = '';
  let ended = false;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const exit = once(child, 'close').then(([code, signal]) => {
    ended = true;
    running.delete(child);
    return (code ?? signal) as number | NodeJS.Signals;
  });
  const events = (): Record<string, unknown>[] => stdout.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
  const find = (kind: string): Record<string, unknown> | undefined => events().find((e) => e['event'] === kind);
  return {
    child, exit, events,
    stdout: () => stdout,
    stderr: () => stderr,
    event: async (kind) => {
      await until(`event ${kind}`, () => ended || find(kind) !== undefined);
      const found = find(kind);
      if (!found) throw new Error(`isvc ended without event ${kind}: ${stdout}${stderr}`);
      return found;
    },
  };
}

/** Processes of this machine that descend from a process, by pid: what must be gone after it. */
export function descendantsOf(pid: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended while we were looking.
    }
  }
  const found = new Set([pid]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [child, parent] of parents) {
      if (found.has(parent) && !found.has(child)) {
        found.add(child);
        grown = true;
      }
    }
  }
  found.delete(pid);
  return [...found];
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Temporary folders that local mode in a process has now; those of other tests that run beside this one are not its. */
export function localFoldersOf({ child }: IsvcProcess): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`isvc-local-${child.pid}-`));
}
