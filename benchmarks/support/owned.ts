import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// What must not outlive the benchmarks, however they end: finished, failed, or stopped by a signal (main.ts turns those into an exit).

const processes = new Set<ChildProcess>();
const folders = new Set<string>();

process.once('exit', () => {
  for (const child of processes) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** @returns the same process, which is killed where it still runs at the end. */
export function ownedProcess<Child extends ChildProcess>(child: Child): Child {
  processes.add(child);
  child.once('exit', () => processes.delete(child));
  return child;
}

/** @returns a new folder, which is removed at the end. */
export function ownedFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `isvc-bench-${name}-`));
  folders.add(folder);
  return folder;
}
