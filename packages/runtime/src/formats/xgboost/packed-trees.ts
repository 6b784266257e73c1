import { walkTree } from '../boosting/tree-order';
import { type KernelTree, MISSING_LEFT, MISSING_RIGHT } from '../trees/kernel-tree';
import { KernelTrees, WORTHWHILE } from '../trees/kernel-trees';
import { CategorySets } from './category-sets';
import type { RawTree } from './ensemble';

/** 32-bit words of one node: threshold, feature, right child. */
const WORDS = 3;
const FEATURE = 1;
const RIGHT = 2;

/** Bits of the feature word: missing values go left; the threshold word is the place of a set of categories. */
const MISSING_LEFT_BIT = 1 << 30;
const CATEGORIES = 1 << 29;
const FEATURE_MASK = CATEGORIES - 1;

/**
 * Any number of trees in one array, laid out for the cache: twelve bytes a node, a left child right behind its parent. At
 * a leaf the feature word is -1 and the threshold word the answer, or the place of a vector of answers.
 */
export class PackedTrees {
  /** Whether any node compares by category. */
  hasCategories = false;
  private readonly features: number;
  private readonly words: Int32Array;
  /** The same memory as `words`, for thresholds and answers. */
  private readonly numbers: Float32Array;
  private readonly roots: number[] = [];
  private readonly sets = new CategorySets();
  private nodes = 0;

  /** @param nodes of all trees together, which is what memory is taken for. */
  constructor(features: number, nodes: number) {
    this.features = features;
    this.words = new Int32Array(nodes * WORDS);
    this.numbers = new Float32Array(this.words.buffer);
  }

  get count(): number {
    return this.roots.length;
  }

  /**
   * Copies a tree after checking it.
   *
   * @param vectors where its vectors of answers start, where its leaves name vectors. @returns a problem for an error
   * message.
   */
  add(tree: RawTree, vectors?: { readonly first: number; readonly count: number }): string | undefined {
    const { words } = this;
    this.roots.push(this.nodes * WORDS);
    let problem: string | undefined;
    const walked = walkTree(tree, (node, rightOf) => {
      const position = this.nodes++ * WORDS;
      if (rightOf >= 0) words[rightOf + RIGHT] = position;
      const added = (tree.left[node] as number) >= 0 ? this.addSplit(tree, node, position) : this.addLeaf(tree, node, position, vectors);
      problem ??= added;
      return position;
    });
    return walked ?? problem;
  }

  /**
   * Adds the answer of one tree to each of `count` rows of single-precision numbers.
   *
   * @param out `stride` numbers a row, of which the one at `offset` is added to.
   * @param plain whether no value is missing; the walk is simpler then.
   */
  addAnswers(tree: number, rows: Float32Array, columns: number, count: number, out: Float32Array, stride: number, offset: number, plain: boolean): void {
    const { numbers } = this;
    if (plain && !this.hasCategories) {
      this.addPlainAnswers(this.roots[tree] as number, rows, columns, count, out, stride, offset);
      return;
    }
    for (let row = 0, at = offset; row < count; row++, at += stride) {
      out[at] = (out[at] as number) + (numbers[this.leafOf(tree, rows, row * columns)] as number);
    }
  }

  /** The same trees for the kernel, adding to the sums `targets` names; `undefined` where they compare categories or are few. */
  kernel(targets: Int32Array, sums: number): KernelTrees | undefined {
    if (this.hasCategories || this.count < WORTHWHILE) return undefined;
    const { words, numbers, roots } = this;
    const trees = roots.map((root, tree): KernelTree => ({
      root: root / WORDS,
      count: ((roots[tree + 1] ?? this.nodes * WORDS) - root) / WORDS,
      feature: (node) => ((words[node * WORDS + FEATURE] as number) < 0 ? -1 : (words[node * WORDS + FEATURE] as number) & FEATURE_MASK),
      left: (node) => node + 1,
      right: (node) => (words[node * WORDS + RIGHT] as number) / WORDS,
      threshold: (node) => numbers[node * WORDS] as number,
      missing: (node) => ((words[node * WORDS + FEATURE] as number) & MISSING_LEFT_BIT ? MISSING_LEFT : MISSING_RIGHT),
      answer: (node, out, start) => {
        out[start] = numbers[node * WORDS] as number;
      },
    }));
    return KernelTrees.of(trees, { test: 'less', values: 'single', answers: 'single', width: 1, sums, target: (tree) => targets[tree] as number });
  }

  /** The answer of tree `tree` for the row that starts at `rows[start]`. */
  answerOf(tree: number, rows: Float32Array, start: number): number {
    return this.numbers[this.leafOf(tree, rows, start)] as number;
  }

  /** The number of the vector with which tree `tree` answers the row that starts at `rows[start]`. */
  vectorOf(tree: number, rows: Float32Array, start: number): number {
    return this.words[this.leafOf(tree, rows, start)] as number;
  }

  private addPlainAnswers(root: number, rows: Float32Array, columns: number, count: number, out: Float32Array, stride: number, offset: number): void {
    const { words, numbers } = this;
    let at = offset;
    const end = count * columns;
    for (let start = 0; start < end; start += columns) {
      let node = root;
      let feature = words[node + FEATURE] as number;
      while (feature >= 0) {
        node = (rows[start + (feature & FEATURE_MASK)] as number) < (numbers[node] as number) ? node + WORDS : (words[node + RIGHT] as number);
        feature = words[node + FEATURE] as number;
      }
      // Storing rounds to single precision, which makes it the sum of single-precision numbers that XGBoost computes.
      out[at] = (out[at] as number) + (numbers[node] as number);
      at += stride;
    }
  }

  private leafOf(tree: number, rows: Float32Array, start: number): number {
    const { words, numbers } = this;
    let node = this.roots[tree] as number;
    for (;;) {
      const feature = words[node + FEATURE] as number;
      if (feature < 0) return node;
      const value = rows[start + (feature & FEATURE_MASK)] as number;
      // Only NaN differs from itself.
      const goesLeft = value !== value ? (feature & MISSING_LEFT_BIT) !== 0
        : (feature & CATEGORIES) !== 0 ? !this.sets.has(words[node] as number, value)
        : value < (numbers[node] as number);
      node = goesLeft ? node + WORDS : (words[node + RIGHT] as number);
    }
  }

  private addSplit(tree: RawTree, node: number, position: number): string | undefined {
    const feature = tree.feature[node] as number;
    if (!(Number.isInteger(feature) && feature >= 0 && feature < this.features)) return `node ${node} compares feature ${feature} of ${this.features}`;
    const missing = tree.defaultLeft[node] ? MISSING_LEFT_BIT : 0;
    const categories = tree.categories?.get(node);
    if (!categories) {
      this.words[position + FEATURE] = feature | missing;
      this.numbers[position] = tree.condition[node] as number;
      return undefined;
    }
    const set = this.sets.add(categories);
    if (typeof set === 'string') return `node ${node} has ${set}`;
    this.hasCategories = true;
    this.words[position + FEATURE] = feature | missing | CATEGORIES;
    this.words[position] = set;
    return undefined;
  }

  private addLeaf(tree: RawTree, node: number, position: number, vectors: { readonly first: number; readonly count: number } | undefined): string | undefined {
    this.words[position + FEATURE] = -1;
    if (!vectors) {
      this.numbers[position] = tree.condition[node] as number;
      return undefined;
    }
    const index = tree.vectors?.indices[node] ?? -1;
    this.words[position] = vectors.first + index;
    return Number.isInteger(index) && index >= 0 && index < vectors.count ? undefined : `leaf ${node} names vector ${index} of ${vectors.count}`;
  }
}
