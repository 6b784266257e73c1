/** Sets of categories of all trees of a model: bit `c` of a set says that category `c` goes left. */
export class CategorySets {
  private readonly starts: Int32Array;
  private readonly words: Uint32Array;

  /** @param trees the sets of each tree; their numbers run on from tree to tree. */
  constructor(trees: readonly { readonly boundaries: Float64Array; readonly words: Float64Array }[]) {
    this.starts = new Int32Array(trees.reduce((sum, { boundaries }) => sum + boundaries.length, 0));
    this.words = new Uint32Array(trees.reduce((sum, { words }) => sum + words.length, 0));
    let set = 0;
    let word = 0;
    for (const { boundaries, words } of trees) {
      for (const boundary of boundaries) this.starts[set++] = word + boundary;
      this.words.set(words, word);
      word += words.length;
    }
  }

  /** Whether the category that `value` stands for is in a set. Fractions are cut; what fits no `int` is in none. */
  has(set: number, value: number): boolean {
    if (!(value > -1 && value < 2147483648)) return false;
    const category = value | 0;
    const word = (this.starts[set] as number) + (category >> 5);
    if (word >= (this.starts[set + 1] as number)) return false;
    return (((this.words[word] as number) >>> (category & 31)) & 1) === 1;
  }
}
