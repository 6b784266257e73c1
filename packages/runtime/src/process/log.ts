/** Where events go, one plain line each. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** Levels KServe accepts in `KSERVE_LOGLEVEL` that hide `info`, and those that hide `warn` too. */
const QUIET = ['WARNING', 'WARN', 'ERROR', 'CRITICAL', 'FATAL'];
const SILENT = ['ERROR', 'CRITICAL', 'FATAL'];

/**
 * Lines on stderr, each opened by who speaks. There is no time stamp: the kubelet, journald and local mode all add one.
 *
 * @param level the value of `KSERVE_LOGLEVEL`; anything unknown shows everything.
 */
export function stderrLog(name: string, level = ''): Log {
  const upper = level.toUpperCase();
  const write = (line: string): void => void process.stderr.write(`${name}: ${line}\n`);
  const ignore = (): void => {};
  return {
    info: QUIET.includes(upper) ? ignore : write,
    warn: SILENT.includes(upper) ? ignore : write,
    error: write,
  };
}

/** A log for servers inside another program, which has its own. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };
