import type { TreeNodes } from './tree-nodes';

/** Any number of trees in one set of arrays, so that walking a forest touches few, dense pieces of memory. */
export class PackedTrees {
  readonly classes: number;
  readonly count: number;
  /** Class of the largest value of each leaf; of equal ones the first. */
  readonly leafClass: Int32Array;
  /** `classes` probabilities for each leaf. */
  readonly leafProbabilities: Float64Array;
  private readonly roots: Int32Array;
  private readonly feature: Int32Array;
  private readonly threshold: Float64Array;
  /** Node to go to; at a leaf `left` is the number of the leaf instead. */
  private readonly left: Int32Array;
  private readonly right: Int32Array;
  private readonly missingLeft: Uint8Array;

  constructor(trees: readonly TreeNodes[], classes: number) {
    const nodes = trees.reduce((sum, tree) => sum + tree.count, 0);
    const leaves = trees.reduce((sum, tree) => sum + leavesOf(tree), 0);
    this.classes = classes;
    this.count = trees.length;
    this.leafClass = new Int32Array(leaves);
    this.leafProbabilities = new Float64Array(leaves * classes);
    this.roots = new Int32Array(trees.length);
    this.feature = new Int32Array(nodes);
    this.threshold = new Float64Array(nodes);
    this.left = new Int32Array(nodes);
    this.right = new Int32Array(nodes);
    this.missingLeft = new Uint8Array(nodes);
    let root = 0;
    let leaf = 0;
    trees.forEach((tree, index) => {
      this.roots[index] = root;
      leaf = this.add(tree, root, leaf);
      root += tree.count;
    });
  }

  /** The leaf of tree `tree` in which a row ends. */
  leafOf(tree: number, row: Float32Array): number {
    const { feature, threshold, left, right, missingLeft } = this;
    let node = this.roots[tree] as number;
    for (;;) {
      const compared = feature[node] as number;
      if (compared < 0) return left[node] as number;
      const value = row[compared] as number;
      const goesLeft = value <= (threshold[node] as number) || (value !== value && missingLeft[node] === 1);
      node = (goesLeft ? left[node] : right[node]) as number;
    }
  }

  private add(tree: TreeNodes, root: number, firstLeaf: number): number {
    const { classes } = this;
    this.feature.set(tree.feature, root);
    this.threshold.set(tree.threshold, root);
    let leaf = firstLeaf;
    for (let node = 0; node < tree.count; node++) {
      if ((tree.feature[node] as number) < 0) {
        this.left[root + node] = leaf;
        this.addLeaf(tree.values.subarray(node * classes, (node + 1) * classes), leaf, tree.missingLeft === undefined);
        leaf += 1;
        continue;
      }
      this.left[root + node] = root + (tree.left[node] as number);
      this.right[root + node] = root + (tree.right[node] as number);
      this.missingLeft[root + node] = tree.missingLeft?.[node] ?? 0;
    }
    return leaf;
  }

  /** Values before scikit-learn 1.3 are counts and are divided by their sum; later ones are used as they are, as scikit-learn does. */
  private addLeaf(values: Float64Array, leaf: number, areCounts: boolean): void {
    let sum = 0;
    let best = 0;
    values.forEach((value, index) => {
      sum += value;
      if (value > (values[best] as number)) best = index;
    });
    this.leafClass[leaf] = best;
    const divisor = areCounts && sum !== 0 ? sum : 1;
    for (let index = 0; index < values.length; index++) {
      this.leafProbabilities[leaf * this.classes + index] = (values[index] as number) / divisor;
    }
  }
}

function leavesOf(tree: TreeNodes): number {
  let leaves = 0;
  for (const feature of tree.feature) if (feature < 0) leaves += 1;
  return leaves;
}
