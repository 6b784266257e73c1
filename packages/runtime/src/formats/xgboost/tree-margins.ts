import type { IsvcError } from 'cdk8s-kserve/api';
import type { Matrix } from '../../model/model';
import { SingleRows, type ValueRule } from '../boosting/single-rows';
import type { KernelTrees } from '../trees/kernel-trees';
import type { RawTrees } from './ensemble';
import type { Margins } from './margins';
import { PackedTrees } from './packed-trees';

/** Rows walked through one tree before the next: enough that the tree stays in the cache, few enough that the rows do. */
const BLOCK_ROWS = 256;

/** Numbers of one block at most; wide rows come in smaller blocks. */
const BLOCK_NUMBERS = 1 << 18;

/** The trees of `gbtree` and `dart`, checked and packed. */
export class TreeMargins implements Margins {
  private readonly packed: PackedTrees;
  /** The trees once more, for the kernel. */
  private readonly kernel: KernelTrees | undefined;
  private readonly groups: Int32Array;
  private readonly weights: Float32Array | undefined;
  /** Answers of several numbers, `outputs` each, where leaves have those. */
  private readonly vectors: Float32Array | undefined;
  private readonly base: Float32Array;
  private readonly rows: SingleRows;
  private readonly features: number;
  private readonly blockRows: number;

  /**
   * @param base margins every row starts with, one for each output. @param count how many of the trees are used.
   * @param corrupt makes the error for a problem.
   */
  constructor(raw: RawTrees, base: Float32Array, count: number, rule: ValueRule, corrupt: (problem: string) => IsvcError) {
    const trees = raw.trees.slice(0, count);
    const outputs = base.length;
    this.base = base;
    this.features = rule.features;
    this.rows = new SingleRows(rule);
    this.blockRows = Math.max(1, Math.min(BLOCK_ROWS, Math.floor(BLOCK_NUMBERS / rule.features)));
    this.packed = new PackedTrees(rule.features, trees.reduce((sum, tree) => sum + tree.left.length, 0));
    this.groups = Int32Array.from(trees, (_, tree) => checkedGroup(raw.groups[tree], outputs, tree, corrupt));
    this.weights = raw.weights && Float32Array.from(raw.weights);
    if (this.weights && this.weights.length !== raw.trees.length) throw corrupt(`${this.weights.length} weights for ${raw.trees.length} trees`);
    this.vectors = this.addTrees(trees, outputs, corrupt);
    this.kernel = this.vectors || this.weights ? undefined : this.packed.kernel(this.groups, outputs);
  }

  fill(input: Matrix, out: Float32Array): void {
    const outputs = this.base.length;
    for (let first = 0; first < input.rows; first += this.blockRows) {
      const end = Math.min(first + this.blockRows, input.rows);
      this.rows.load(input, first, end);
      const sums = first === 0 && end === input.rows ? out : out.subarray(first * outputs, end * outputs);
      for (let index = 0; index < sums.length; index++) sums[index] = this.base[index % outputs] as number;
      if (this.vectors) this.addVectors(this.vectors, end - first, sums);
      else if (this.weights) this.addWeighted(this.weights, end - first, sums);
      else this.addPlain(end - first, sums);
    }
  }

  private addTrees(trees: RawTrees['trees'], outputs: number, corrupt: (problem: string) => IsvcError): Float32Array | undefined {
    const sizes = trees.map(({ vectors }) => vectors?.values.length ?? 0);
    const vectors = sizes.some((size) => size > 0) ? new Float32Array(sizes.reduce((sum, size) => sum + size, 0)) : undefined;
    let next = 0;
    trees.forEach((tree, index) => {
      if (vectors && (tree.vectors?.size !== outputs || (sizes[index] as number) % outputs !== 0)) {
        throw corrupt(`tree ${index} does not answer ${outputs} numbers in each leaf as others do`);
      }
      if (tree.vectors) vectors?.set(tree.vectors.values, next);
      const count = (sizes[index] as number) / outputs;
      const problem = this.packed.add(tree, vectors && { first: next / outputs, count });
      if (problem !== undefined) throw corrupt(`tree ${index}: ${problem}`);
      next += sizes[index] as number;
    });
    return vectors;
  }

  private addPlain(count: number, sums: Float32Array): void {
    const { packed, kernel, features, rows: { values, hasMissing }, groups, base } = this;
    if (kernel) {
      kernel.add(values, features, 0, count, sums);
      return;
    }
    for (let tree = 0; tree < packed.count; tree++) packed.addAnswers(tree, values, features, count, sums, base.length, groups[tree] as number, !hasMissing);
  }

  /** The trees of `dart`, each times its weight. */
  private addWeighted(weights: Float32Array, count: number, sums: Float32Array): void {
    const { packed, rows: { values }, groups } = this;
    const outputs = this.base.length;
    for (let tree = 0; tree < packed.count; tree++) {
      const weight = weights[tree] as number;
      for (let row = 0, at = groups[tree] as number; row < count; row++, at += outputs) {
        sums[at] = (sums[at] as number) + Math.fround(packed.answerOf(tree, values, row * this.features) * weight);
      }
    }
  }

  private addVectors(vectors: Float32Array, count: number, sums: Float32Array): void {
    const { packed, rows: { values } } = this;
    const outputs = this.base.length;
    for (let tree = 0; tree < packed.count; tree++) {
      for (let row = 0; row < count; row++) {
        const from = packed.vectorOf(tree, values, row * this.features) * outputs;
        for (let output = 0; output < outputs; output++) {
          sums[row * outputs + output] = (sums[row * outputs + output] as number) + (vectors[from + output] as number);
        }
      }
    }
  }
}

function checkedGroup(group: number | undefined, outputs: number, tree: number, corrupt: (problem: string) => IsvcError): number {
  if (group === undefined || !Number.isInteger(group) || group < 0 || group >= outputs) throw corrupt(`tree ${tree} adds to output ${group} of ${outputs}`);
  return group;
}
