/**
 * Bounds on what one pickle may make this process do. A forest of 1,000 trees takes 0.2 million opcodes and 20 thousand
 * containers, a vocabulary of a million words 3 million opcodes; hostile files would like more.
 */
export interface PickleLimits {
  /** Opcodes executed, nested pickles included. */
  readonly operations: number;
  /** Lists, tuples, dicts, sets and objects made: the values that take far more memory than bytes of the file. */
  readonly containers: number;
  /** Pickles inside pickles. */
  readonly depth: number;
}

export const DEFAULT_LIMITS: PickleLimits = { operations: 10_000_000, containers: 1_000_000, depth: 16 };

/** Longest text in bytes; beyond 512 MiB a JavaScript string cannot be made at all. */
export const MAX_TEXT_BYTES = 256 * 1024 * 1024;

/** Longest integer in bytes or digits; the longest real ones are 128-bit states of random generators. */
export const MAX_INTEGER_LENGTH = 1024;
