import type { Test } from './float-keys';

/** Where a missing value goes at a node: right, left, or where zero goes. */
export const MISSING_RIGHT = 0;
export const MISSING_LEFT = 1;
export const MISSING_IS_ZERO = 2;

/** A checked tree; its nodes have any numbers. */
export interface KernelTree {
  readonly root: number;
  readonly count: number;
  /** Below zero for a leaf. */
  feature(node: number): number;
  /** Where a value goes that passes the test against the threshold. */
  left(node: number): number;
  right(node: number): number;
  threshold(node: number): number;
  missing(node: number): typeof MISSING_RIGHT | typeof MISSING_LEFT | typeof MISSING_IS_ZERO;
  /** Writes the numbers of a leaf's answer to `out`, from `start` on. */
  answer(node: number, out: Float32Array | Float64Array, start: number): void;
}

export interface KernelOptions {
  readonly test: Test;
  /** Precision in which values are compared: rows are rounded to it. */
  readonly values: 'single' | 'double';
  /** Precision of answers and their sums. */
  readonly answers: 'single' | 'double';
  /** Numbers of each answer. */
  readonly width: number;
  /** Numbers of each row that answers are added to. */
  readonly sums: number;
  /** The sum that a tree adds to, where those are not the `width` numbers of its answer. */
  readonly target?: ((tree: number) => number) | undefined;
}

/** A feature and where its missing values go; below zero for a leaf. */
export function slotOf(tree: KernelTree, node: number): number {
  const feature = tree.feature(node);
  return feature < 0 ? -1 : feature * 4 + tree.missing(node);
}
