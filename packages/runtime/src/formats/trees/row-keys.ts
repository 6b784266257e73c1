import { ALWAYS_LESS, NEVER_LESS } from './float-keys';
import type { KernelLayout } from './kernel-layout';
import { MISSING_IS_ZERO, MISSING_LEFT } from './kernel-tree';
import { CONSTANT_COLUMNS, ROWS } from './node-form';
import type { WalkKernel } from './walk-kernel';

/** Writes the keys of `count` rows from `first` on of a matrix of `columns` columns, as `KernelLayout` has them. */
export type KeyWriter = (data: Float32Array | Float64Array, columns: number, first: number, count: number) => void;

/**
 * @param slots a feature, and where its missing values go, of each column of keys.
 * @param memory receives what is constant at once.
 */
export function keyWriter({ form, rows, column, group, missing }: KernelLayout, slots: readonly number[], memory: ArrayBuffer, kernel: WalkKernel): KeyWriter {
  const { keyBytes } = form;
  const words = new Int32Array(memory);
  // Setting a single-precision number rounds, as the libraries do.
  const numbers = keyBytes === 4 ? new Float32Array(memory) : new Float64Array(memory);
  for (let at = 0; at < (rows / ROWS) * group; at += group) {
    for (let row = 0; row < ROWS; row++) {
      writeExtreme(words, at + row * keyBytes, NEVER_LESS, keyBytes);
      writeExtreme(words, at + column + row * keyBytes, ALWAYS_LESS, keyBytes);
    }
  }
  slots.forEach((slot, index) => writeExtreme(words, missing + index * keyBytes, missingKey(slot & 3), keyBytes));
  const features = Int32Array.from(slots, (slot) => slot >> 2);
  const missingEnd = missing + features.length * keyBytes;
  return (data, columns, first, count) => {
    if (features.length === 0) return;
    for (let row = 0; row < count; row++) {
      const from = (first + row) * columns;
      let at = (Math.floor(row / ROWS) * group + CONSTANT_COLUMNS * column) / keyBytes + (row % ROWS);
      for (let index = 0; index < features.length; index++, at += ROWS) numbers[at] = data[from + (features[index] as number)] as number;
    }
    if (count === 1) kernel.makeRowKeys(0, group, missing, missingEnd);
    else kernel.makeKeys(0, Math.ceil(count / ROWS) * group, missing, missingEnd);
  };
}

/** Zero is its own key. */
function missingKey(kind: number): number {
  if (kind === MISSING_IS_ZERO) return 0;
  return kind === MISSING_LEFT ? ALWAYS_LESS : NEVER_LESS;
}

/** Writes a key by its high word at so many bytes. */
function writeExtreme(words: Int32Array, at: number, high: number, bytes: number): void {
  if (bytes === 8) words[at / 4] = high === NEVER_LESS ? -1 : 0;
  words[(at + bytes) / 4 - 1] = high;
}
