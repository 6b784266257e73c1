import { walkTree } from '../boosting/tree-order';
import { type KernelTree, MISSING_IS_ZERO, MISSING_LEFT, MISSING_RIGHT } from '../trees/kernel-tree';
import { KernelTrees, WORTHWHILE } from '../trees/kernel-trees';
import { CategorySets } from './category-sets';
import { PackedLeafModels } from './packed-leaf-models';
import { CATEGORICAL, DEFAULT_LEFT, MISSING_NAN, MISSING_ZERO, missingKindOf, type RawTree } from './read-tree';
import { widenZero, ZERO } from './zero';

/** Bits of the feature word, over the index of the feature. */
const DEFAULT_GOES_LEFT = 1 << 30;
const BY_CATEGORY = 1 << 29;
const NAN_IS_MISSING = 1 << 28;
const ZERO_IS_MISSING = 1 << 27;
const FEATURE_MASK = ZERO_IS_MISSING - 1;

/**
 * Any number of trees in two arrays: the threshold of a node (the answer of a leaf), and two words, the feature with
 * flags (-1 at a leaf) and the right child. A left child lies right behind its parent.
 */
export class PackedTrees {
  readonly count: number;
  /** Whether rows without NaN can be walked by comparing alone. */
  readonly isPlain: boolean;
  private readonly features: number;
  private readonly thresholds: Float64Array;
  private readonly words: Int32Array;
  private readonly roots: Int32Array;
  private readonly sets: CategorySets;
  private readonly leafModels: PackedLeafModels | undefined;
  private plain = true;
  private nodes = 0;
  private firstSet = 0;

  /** @param fail is called with a problem of tree `tree` and throws. */
  constructor(trees: readonly RawTree[], features: number, fail: (tree: number, problem: string) => never) {
    const nodes = trees.reduce((sum, tree) => sum + tree.left.length, 0);
    this.count = trees.length;
    this.features = features;
    this.thresholds = new Float64Array(nodes);
    this.words = new Int32Array(nodes * 2);
    this.sets = new CategorySets(trees.flatMap(({ categories }) => categories ?? []));
    this.leafModels = trees.some((tree) => tree.leafModels) ? new PackedLeafModels(trees) : undefined;
    this.roots = Int32Array.from(trees, (tree, index) => {
      const root = this.nodes;
      const problem = this.add(tree, index);
      if (problem !== undefined) fail(index, problem);
      return root;
    });
    this.isPlain = this.plain;
  }

  /**
   * Adds the answers of one tree to the rows from `first` up to `end`.
   *
   * @param out `stride` sums a row, the one at `offset` of row `first` is the first to be added to.
   * @param plain whether no value of these rows is NaN.
   */
  addAnswers(tree: number, data: Float64Array, first: number, end: number, out: Float64Array, stride: number, offset: number, plain: boolean): void {
    const { thresholds, leafModels, features } = this;
    const root = this.roots[tree] as number;
    if (plain && this.isPlain && !leafModels) {
      this.addPlainAnswers(root, data, first, end, out, stride, offset);
      return;
    }
    for (let row = first, at = offset; row < end; row++, at += stride) {
      const leaf = this.leafOf(root, data, row * features);
      const answer = leafModels ? leafModels.answer(this.words[leaf * 2 + 1] as number, thresholds[leaf] as number, data, row * features) : (thresholds[leaf] as number);
      out[at] = (out[at] as number) + answer;
    }
  }

  /** The same trees for the kernel; `undefined` where they are few, or do more than compare numbers. */
  kernel(sums: number): KernelTrees | undefined {
    const { words, thresholds, roots } = this;
    if (!this.isPlain || this.leafModels || this.count < WORTHWHILE) return undefined;
    const trees = Array.from(roots, (root, tree): KernelTree => ({
      root,
      count: (roots[tree + 1] ?? this.nodes) - root,
      feature: (node) => ((words[node * 2] as number) < 0 ? -1 : (words[node * 2] as number) & FEATURE_MASK),
      left: (node) => node + 1,
      right: (node) => words[node * 2 + 1] as number,
      threshold: (node) => thresholds[node] as number,
      missing: (node) => missingAt(words[node * 2] as number),
      answer: (node, out, start) => {
        out[start] = thresholds[node] as number;
      },
    }));
    return KernelTrees.of(trees, { test: 'atMost', values: 'double', answers: 'double', width: 1, sums, target: (tree) => tree % sums });
  }

  private addPlainAnswers(root: number, data: Float64Array, first: number, end: number, out: Float64Array, stride: number, offset: number): void {
    const { thresholds, words, features } = this;
    const stop = end * features;
    let at = offset;
    for (let start = first * features; start < stop; start += features) {
      let node = root;
      let feature = words[node * 2] as number;
      while (feature >= 0) {
        node = (data[start + (feature & FEATURE_MASK)] as number) <= (thresholds[node] as number) ? node + 1 : (words[node * 2 + 1] as number);
        feature = words[node * 2] as number;
      }
      out[at] = (out[at] as number) + (thresholds[node] as number);
      at += stride;
    }
  }

  private leafOf(root: number, data: Float64Array, start: number): number {
    const { words } = this;
    let node = root;
    for (;;) {
      const word = words[node * 2] as number;
      if (word < 0) return node;
      node = this.goesLeft(word, node, data[start + (word & FEATURE_MASK)] as number) ? node + 1 : (words[node * 2 + 1] as number);
    }
  }

  private goesLeft(word: number, node: number, value: number): boolean {
    const threshold = this.thresholds[node] as number;
    if ((word & BY_CATEGORY) !== 0) return this.sets.has(threshold, value);
    const isNaN = value !== value;
    if (isNaN && (word & NAN_IS_MISSING) !== 0) return (word & DEFAULT_GOES_LEFT) !== 0;
    // A node that knows no NaN takes it for zero.
    const number = isNaN ? 0 : value;
    if ((word & ZERO_IS_MISSING) !== 0 && number >= -ZERO && number <= ZERO) return (word & DEFAULT_GOES_LEFT) !== 0;
    return number <= threshold;
  }

  private add(tree: RawTree, index: number): string | undefined {
    const { words } = this;
    let problem: string | undefined;
    const walked = walkTree(tree, (node, rightOf) => {
      const position = this.nodes++;
      if (rightOf >= 0) words[rightOf * 2 + 1] = position;
      if (node < tree.inner) {
        const added = this.addSplit(tree, node, position);
        problem ??= added;
      } else {
        words[position * 2] = -1;
        words[position * 2 + 1] = this.leafModels?.indexOf(index, node - tree.inner) ?? 0;
        this.thresholds[position] = tree.leafValue[node - tree.inner] as number;
      }
      return position;
    });
    this.firstSet += tree.categories?.boundaries.length ?? 0;
    return walked ?? problem;
  }

  private addSplit(tree: RawTree, node: number, position: number): string | undefined {
    const feature = tree.feature[node] as number;
    const threshold = tree.threshold[node] as number;
    const decision = tree.decision[node] as number;
    if (!(Number.isInteger(feature) && feature >= 0 && feature < this.features)) return `node ${node} compares feature ${feature} of ${this.features}`;
    if (!(Number.isInteger(decision) && decision >= 0 && decision < 256)) return `node ${node} has the decision_type ${decision}`;
    const missing = missingKindOf(decision);
    let flags = (decision & DEFAULT_LEFT) !== 0 ? DEFAULT_GOES_LEFT : 0;
    if (missing === MISSING_NAN) flags |= NAN_IS_MISSING;
    if (missing === MISSING_ZERO) flags |= ZERO_IS_MISSING;
    if ((decision & CATEGORICAL) !== 0) {
      // The last boundary ends a set and starts none.
      const sets = (tree.categories?.boundaries.length ?? 1) - 1;
      if (!(Number.isInteger(threshold) && threshold >= 0 && threshold < sets)) return `node ${node} has set ${threshold} of ${sets}`;
      flags |= BY_CATEGORY;
    }
    if ((flags & (BY_CATEGORY | ZERO_IS_MISSING)) !== 0) this.plain = false;
    this.words[position * 2] = feature | flags;
    this.thresholds[position] = (flags & BY_CATEGORY) !== 0 ? this.firstSet + threshold : widenZero(threshold);
    return undefined;
  }
}

/** Where a missing value goes at a node with this feature word; a node that knows no NaN takes it for zero. */
function missingAt(word: number): ReturnType<KernelTree['missing']> {
  if ((word & NAN_IS_MISSING) === 0) return MISSING_IS_ZERO;
  return (word & DEFAULT_GOES_LEFT) !== 0 ? MISSING_LEFT : MISSING_RIGHT;
}
