import { ALWAYS_LESS, isMissing, keyOfBits, NEVER_LESS, writeDoubleKey } from './float-keys';
import type { KernelLayout } from './kernel-layout';
import { MISSING_IS_ZERO, MISSING_LEFT } from './kernel-tree';
import { CONSTANT_COLUMNS, ROWS } from './node-form';

/** Writes the keys of `count` rows from `first` on of a matrix of `columns` columns, as `KernelLayout` has them. */
export type KeyWriter = (data: Float32Array | Float64Array, columns: number, first: number, count: number) => void;

/**
 * @param slots a feature, and where its missing values go, of each column of keys.
 * @param memory receives the constant columns at once.
 */
export function keyWriter({ form, rows, column, group }: KernelLayout, slots: readonly number[], memory: ArrayBuffer): KeyWriter {
  const words = new Int32Array(memory);
  const columnWords = column / 4;
  for (let at = 0; at < ((rows / ROWS) * group) / 4; at += group / 4) {
    for (let word = at + columnWords; word < at + 2 * columnWords; word += form.keyBytes / 4) writeExtreme(words, word, ALWAYS_LESS, form.keyBytes);
    for (let word = at; word < at + columnWords; word += form.keyBytes / 4) writeExtreme(words, word, NEVER_LESS, form.keyBytes);
  }
  const features = Int32Array.from(slots, (slot) => slot >> 2);
  const missing = Int32Array.from(slots, (slot) => missingKey(slot & 3));
  const startOf = (row: number): number => (Math.floor(row / ROWS) * group + CONSTANT_COLUMNS * column + (row % ROWS) * form.keyBytes) / 4;
  if (form.keyBytes === 4) return singleKeys(words, new Float32Array(memory), features, missing, startOf);
  return doubleKeys(words, features, missing, startOf);
}

function singleKeys(words: Int32Array, singles: Float32Array, features: Int32Array, missing: Int32Array, startOf: (row: number) => number): KeyWriter {
  return (data, columns, first, count) => {
    for (let row = 0; row < count; row++) {
      const from = (first + row) * columns;
      let at = startOf(row);
      for (let column = 0; column < features.length; column++, at += ROWS) {
        singles[at] = data[from + (features[column] as number)] as number;
        const bits = words[at] as number;
        words[at] = isMissing(bits) ? (missing[column] as number) : keyOfBits(bits);
      }
    }
  };
}

function doubleKeys(words: Int32Array, features: Int32Array, missing: Int32Array, startOf: (row: number) => number): KeyWriter {
  return (data, columns, first, count) => {
    for (let row = 0; row < count; row++) {
      const from = (first + row) * columns;
      let at = startOf(row);
      for (let column = 0; column < features.length; column++, at += 2 * ROWS) {
        const value = data[from + (features[column] as number)] as number;
        if (value === value) writeDoubleKey(value, words, at);
        else writeExtreme(words, at, missing[column] as number, 8);
      }
    }
  };
}

/** Zero is its own key. */
function missingKey(kind: number): number {
  if (kind === MISSING_IS_ZERO) return 0;
  return kind === MISSING_LEFT ? ALWAYS_LESS : NEVER_LESS;
}

function writeExtreme(words: Int32Array, at: number, high: number, bytes: number): void {
  if (bytes === 8) words[at] = high === NEVER_LESS ? -1 : 0;
  words[at + bytes / 4 - 1] = high;
}
