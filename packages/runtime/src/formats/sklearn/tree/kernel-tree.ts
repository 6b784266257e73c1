import { type KernelTree, MISSING_LEFT, MISSING_RIGHT } from '../../trees/kernel-tree';
import type { PackableTree } from './packed-trees';

/** A scikit-learn tree as the kernel takes it. */
export function kernelTree(tree: PackableTree): KernelTree {
  const { count, feature, left, right, threshold, missingLeft, values } = tree;
  const width = values.length / count;
  return {
    root: 0,
    count,
    feature: (node) => feature[node] as number,
    left: (node) => left[node] as number,
    right: (node) => right[node] as number,
    threshold: (node) => threshold[node] as number,
    missing: (node) => (missingLeft !== undefined && missingLeft[node] !== 0 ? MISSING_LEFT : MISSING_RIGHT),
    answer: (node, out, start) => {
      for (let index = 0; index < width; index++) out[start + index] = values[node * width + index] as number;
    },
  };
}
