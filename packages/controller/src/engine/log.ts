/** Structured logging: a fixed message and fields. The engine never writes anywhere else. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, unknown>>;

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** One line per message: `time level message key=value ...`; values with blanks or quotes are JSON strings. */
export function lineLog(level: LogLevel, write: (line: string) => void = (line) => void process.stderr.write(line)): Log {
  const lowest = LOG_LEVELS.indexOf(level);
  const at = (name: LogLevel) => (message: string, fields: LogFields = {}): void => {
    if (LOG_LEVELS.indexOf(name) < lowest) {
      return;
    }
    const rest = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => ` ${key}=${formatValue(value)}`)
      .join('');
    write(`${new Date().toISOString()} ${name.toUpperCase()} ${message}${rest}\n`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** One JSON object per line: `time`, `level`, `message` and the fields. */
export function jsonLog(level: LogLevel, write: (line: string) => void = (line) => void process.stderr.write(line)): Log {
  const lowest = LOG_LEVELS.indexOf(level);
  const at = (name: LogLevel) => (message: string, fields: LogFields = {}): void => {
    if (LOG_LEVELS.indexOf(name) >= lowest) {
      write(`${JSON.stringify({ ...fields, time: new Date().toISOString(), level: name, message })}\n`);
    }
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function formatValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}
