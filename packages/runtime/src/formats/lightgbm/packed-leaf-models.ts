import type { RawTree } from './read-tree';

/** The linear models in the leaves of a model's trees, one behind the other. */
export class PackedLeafModels {
  private readonly constants: Float64Array;
  /** Model `i` has the terms from `starts[i]` up to `starts[i + 1]`; trees without models have ones without terms. */
  private readonly starts: Int32Array;
  private readonly features: Int32Array;
  private readonly coefficients: Float64Array;
  private readonly firstOfTree: Int32Array;

  constructor(trees: readonly RawTree[]) {
    const leaves = trees.reduce((sum, { leafValue }) => sum + leafValue.length, 0);
    const terms = trees.reduce((sum, { leafModels }) => sum + (leafModels?.features.length ?? 0), 0);
    this.constants = new Float64Array(leaves);
    this.starts = new Int32Array(leaves + 1);
    this.features = new Int32Array(terms);
    this.coefficients = new Float64Array(terms);
    let leaf = 0;
    let term = 0;
    this.firstOfTree = Int32Array.from(trees, ({ leafValue, leafModels }) => {
      const first = leaf;
      this.constants.set(leafModels?.constants ?? leafValue, first);
      this.features.set(leafModels?.features ?? [], term);
      this.coefficients.set(leafModels?.coefficients ?? [], term);
      for (let index = 1; index <= leafValue.length; index++) this.starts[first + index] = term + (leafModels?.starts[index] ?? 0);
      leaf += leafValue.length;
      term += leafModels?.features.length ?? 0;
      return first;
    });
  }

  /** Number of the model in leaf `leaf` of tree `tree`. */
  indexOf(tree: number, leaf: number): number {
    return (this.firstOfTree[tree] as number) + leaf;
  }

  /** The answer of a model, or `constant` where a value it needs is missing. */
  answer(model: number, constant: number, data: Float64Array, start: number): number {
    let sum = this.constants[model] as number;
    for (let term = this.starts[model] as number; term < (this.starts[model + 1] as number); term++) {
      const value = data[start + (this.features[term] as number)] as number;
      if (value !== value) return constant;
      sum += (this.coefficients[term] as number) * value;
    }
    return sum;
  }
}
