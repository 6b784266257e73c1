/** A checked tree over rows of single-precision numbers; its nodes have any numbers, its root is 0. */
export interface KernelTree {
  readonly count: number;
  /** Below zero for a leaf. */
  feature(node: number): number;
  left(node: number): number;
  right(node: number): number;
  /** A number goes left when its key is less than this (see `float-keys`). */
  key(node: number): number;
  missingLeft(node: number): boolean;
  /** Writes the numbers of a leaf's answer to `out`, from `start` on. */
  answer(node: number, out: Float64Array, start: number): void;
}

/** Where a tree begins, and how it is walked (see `WalkKernel`). */
export interface PlacedTree {
  readonly at: number;
  readonly steps: number;
  readonly watch: 0 | 1;
}

/** A feature, and whether its missing values go left; below zero for a leaf. */
export function slotOf(tree: KernelTree, node: number): number {
  const feature = tree.feature(node);
  return feature < 0 ? -1 : feature * 2 + (tree.missingLeft(node) ? 1 : 0);
}
