/** Where events go, one plain line each. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

export type LogFormat = 'text' | 'json';

/** Levels KServe accepts in `KSERVE_LOGLEVEL` that hide `info`, and those that hide `warn` too. */
const QUIET = ['WARNING', 'WARN', 'ERROR', 'CRITICAL', 'FATAL'];
const SILENT = ['ERROR', 'CRITICAL', 'FATAL'];

/**
 * Lines on stderr, each opened by who speaks. As text there is no time stamp: the kubelet, journald and local mode all add
 * one. As JSON each line is an object with `time`, `level`, `logger` and `message`.
 *
 * @param level the value of `KSERVE_LOGLEVEL`; anything unknown shows everything.
 */
export function stderrLog(name: string, level = '', format: LogFormat = 'text'): Log {
  const upper = level.toUpperCase();
  const write = (severity: string) => (message: string): void => {
    const line = format === 'json' ? JSON.stringify({ time: new Date().toISOString(), level: severity, logger: name, message }) : `${name}: ${message}`;
    process.stderr.write(`${line}\n`);
  };
  const ignore = (): void => {};
  return {
    info: QUIET.includes(upper) ? ignore : write('info'),
    warn: SILENT.includes(upper) ? ignore : write('warn'),
    error: write('error'),
  };
}

/** A log for servers inside another program, which has its own. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };
