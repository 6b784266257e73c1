import type { TreeNodes } from './tree-nodes';

/** What packing needs of a tree; `values` are `width` numbers a node. */
export type PackableTree = Omit<TreeNodes, 'samples'>;

/** 32-bit words of one node: threshold, feature, right child. */
const WORDS = 3;
const FEATURE = 1;
const RIGHT = 2;

/** Bit of the feature word that sends missing values to the left. */
const MISSING_LEFT = 1 << 30;
const FEATURE_MASK = MISSING_LEFT - 1;

/**
 * Any number of trees in one array, laid out for the cache: twelve bytes a node, and a left child right behind its parent,
 * so that a step to the left often stays in the same cache line and needs no pointer. At a leaf the feature word is -1
 * and the word of the right child is the number of the leaf.
 */
export class PackedTrees {
  /** Numbers of each answer. */
  readonly width: number;
  readonly count: number;
  /** `width` numbers for each leaf. */
  readonly leafValues: Float64Array;
  private readonly roots: Int32Array;
  private readonly words: Int32Array;
  /** The same memory as `words`, for the thresholds. */
  private readonly thresholds: Float32Array;
  private nodes = 0;
  private leaves = 0;

  constructor(trees: readonly PackableTree[], width: number) {
    const nodes = trees.reduce((sum, tree) => sum + tree.count, 0);
    const leaves = trees.reduce((sum, tree) => sum + leavesOf(tree), 0);
    this.width = width;
    this.count = trees.length;
    this.leafValues = new Float64Array(leaves * width);
    this.words = new Int32Array(nodes * WORDS);
    this.thresholds = new Float32Array(this.words.buffer);
    this.roots = Int32Array.from(trees, (tree) => this.add(tree));
  }

  /** The leaf of tree `tree` in which the row that starts at `rows[start]` ends. */
  leafOf(tree: number, rows: Float32Array, start: number): number {
    const { words, thresholds } = this;
    let node = this.roots[tree] as number;
    for (;;) {
      const feature = words[node + FEATURE] as number;
      const right = words[node + RIGHT] as number;
      if (feature < 0) return right;
      const value = rows[start + (feature & FEATURE_MASK)] as number;
      // Only NaN differs from itself.
      const goesLeft = value <= (thresholds[node] as number) || (value !== value && (feature & MISSING_LEFT) !== 0);
      node = goesLeft ? node + WORDS : right;
    }
  }

  /** Copies a tree, parents first and left before right, and returns the position of its root. */
  private add(tree: PackableTree): number {
    const { words, thresholds } = this;
    const root = this.nodes * WORDS;
    // Pairs of a node to copy and the parent whose right child it is, -1 for a left child, which needs no pointer.
    const pending = [0, -1];
    while (pending.length > 0) {
      const parent = pending.pop() as number;
      const node = pending.pop() as number;
      const position = this.nodes++ * WORDS;
      if (parent >= 0) words[parent + RIGHT] = position;
      const feature = tree.feature[node] as number;
      if (feature < 0) {
        words[position + FEATURE] = -1;
        words[position + RIGHT] = this.addLeaf(tree, node);
        continue;
      }
      thresholds[position] = roundDown(tree.threshold[node] as number);
      words[position + FEATURE] = feature | (tree.missingLeft?.[node] ? MISSING_LEFT : 0);
      pending.push(tree.right[node] as number, position, tree.left[node] as number, -1);
    }
    return root;
  }

  private addLeaf({ values }: PackableTree, node: number): number {
    const { width } = this;
    const leaf = this.leaves++;
    for (let index = 0; index < width; index++) this.leafValues[leaf * width + index] = values[node * width + index] as number;
    return leaf;
  }
}

const single = new Float32Array(1);
const singleBits = new Int32Array(single.buffer);

/** The largest single-precision number not above `threshold`: inputs are single, so every comparison stays the same. */
function roundDown(threshold: number): number {
  const nearest = Math.fround(threshold);
  if (nearest <= threshold) return nearest;
  single[0] = nearest;
  // Neighbours of one sign are neighbours as integers; below zero comes the smallest negative number.
  if (nearest === 0) singleBits[0] = 0x80000001 | 0;
  else singleBits[0] = (singleBits[0] as number) + (nearest > 0 ? -1 : 1);
  return single[0] as number;
}

function leavesOf(tree: PackableTree): number {
  let leaves = 0;
  for (const feature of tree.feature) if (feature < 0) leaves += 1;
  return leaves;
}
