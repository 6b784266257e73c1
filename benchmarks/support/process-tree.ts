import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { ownedProcess } from './owned';

const SAMPLE_MS = 20;

export interface Run {
  /** Milliseconds since 1970. */
  readonly spawnedAt: number;
  readonly seconds: number;
  /** MiB of the process and its children together, pages shared with others in part. Linux only. @default - 0 elsewhere */
  readonly peakMib: number;
}

/** Runs a program that must succeed, and watches the memory of all its processes. */
export async function runTree(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Run> {
  const spawnedAt = Date.now();
  const child = ownedProcess(spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] }));
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-2000)));
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, memoryOfTree(child.pid ?? 0))), SAMPLE_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${errors}`);
  return { spawnedAt, seconds: (Date.now() - spawnedAt) / 1000, peakMib: peak };
}

/** MiB that a process has in memory now, what it shares with others included, so that those do not matter. Linux only. */
export function residentMib(pid: number | undefined): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

/** MiB of a process and its children now, pages shared with others in part. Linux only. */
function memoryOfTree(pid: number): number {
  return familyOf(pid).reduce((sum, member) => sum + Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${member}/smaps_rollup`))?.[1] ?? 0), 0) / 1024;
}

function familyOf(pid: number): number[] {
  const threads = list(`/proc/${pid}/task`);
  const children = threads.flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).split(' ').filter((text) => text.trim() !== '').map(Number));
  return [pid, ...children.flatMap(familyOf)];
}

/** A process may end while it is looked at. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
