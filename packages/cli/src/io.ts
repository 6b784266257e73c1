import type { EventEmitter } from 'node:events';
import type { Screen } from './output/live-table';

/** What a command sees of the process it runs in; tests give their own. */
export interface Io {
  readonly out: Screen;
  readonly err: Screen;
  /** What is piped in, for commands that take `-`. */
  readonly input?: AsyncIterable<Uint8Array | string>;
  /** Whether colours may be used on `out`. */
  readonly colors: boolean;
  /** Where SIGINT and SIGTERM arrive. */
  readonly signals: Pick<EventEmitter, 'on' | 'off'>;
  readonly now: () => Date;
  exitCode: number;
}

export function processIo(): Io {
  const { stdout, stderr, env } = process;
  return {
    out: stdout,
    err: stderr,
    input: process.stdin,
    colors: stdout.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    signals: process,
    now: () => new Date(),
    exitCode: 0,
  };
}
