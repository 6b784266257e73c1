import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FuzzTarget } from './fuzzer';

/** A server's state since the last measurement. */
export interface Measurement {
  /** In use after a collection. */
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** The longest that its event loop answered nothing. */
  readonly worstDelayMs: number;
  /** What it logged as its own fault. */
  readonly faults: readonly string[];
}

export interface TargetProcess extends FuzzTarget {
  measure(): Promise<Measurement>;
  /** Why it is no longer there. */
  ended(): string | undefined;
  stop(): Promise<void>;
}

/** @throws Error where the server does not start. */
export async function forkTarget(idleSeconds = 300): Promise<TargetProcess> {
  const child = fork(join(__dirname, 'run-target.ts'), [String(idleSeconds)], { execArgv: ['--import', 'tsx', '--no-warnings'], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-2000)));
  let ended: string | undefined;
  const waiting: { readonly resolve: (answer: never) => void; readonly reject: (error: Error) => void }[] = [];
  const exit = once(child, 'close').then(([code, signal]) => {
    ended = `the server ended with ${code ?? signal}: ${complaints.trim()}`;
    for (const { reject } of waiting.splice(0)) reject(new Error(ended));
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message: { readonly port: number }) => resolve(message.port)).once('close', () => reject(new Error(complaints)));
  });
  child.on('message', (message: { readonly answer: never }) => waiting.shift()?.resolve(message.answer));
  const ask = <T>(question: 'connections' | 'measure'): Promise<T> => new Promise((resolve, reject) => {
    if (ended !== undefined) return reject(new Error(ended));
    waiting.push({ resolve: resolve as (answer: never) => void, reject });
    child.send(question);
  });
  return {
    port,
    connections: () => ask('connections'),
    measure: () => ask('measure'),
    ended: () => ended,
    async stop() {
      if (ended === undefined) child.kill('SIGKILL');
      await exit;
    },
  };
}
