import type { ErrorCode } from './catalogue';

export interface IsvcErrorOptions {
  /** Field path (`spec.predictor.minReplicas`), construct path or file the error is about. */
  readonly path?: string | undefined;
  /** What to do about it, as a sentence without a final stop. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** The base class of every error this project throws on purpose. The message is one line a user can act on. */
export class IsvcError extends Error {
  readonly code: ErrorCode;
  readonly path: string | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: IsvcErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'IsvcError';
    this.code = code;
    this.path = options.path;
    this.hint = options.hint;
  }

  /** `path: message; hint [CODE]`: the whole error on one line. */
  toLine(): string {
    const where = this.path ? `${this.path}: ` : '';
    const fix = this.hint ? `; ${this.hint}` : '';
    return `${where}${this.message}${fix} [${this.code}]`;
  }
}

/** An error that no retry can cure: the controller shows it as a condition and waits for a change. */
export class TerminalError extends IsvcError {
  constructor(code: ErrorCode, message: string, options: IsvcErrorOptions = {}) {
    super(code, message, options);
    this.name = 'TerminalError';
  }
}

/** The message of anything thrown, for the one place where a foreign error is turned into ours. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
