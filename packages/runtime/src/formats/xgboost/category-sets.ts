/** XGBoost's own limit: a larger code counts as invalid. */
export const MAX_CATEGORY = 2 ** 24;

/** 32-bit words in all sets of one model, 64 MiB: a set of one large code is far larger than its place in the file. */
const MAX_WORDS = 2 ** 24;

/** The sets of categories of all trees: a word with the number of words that follow, then one bit for each category. */
export class CategorySets {
  private words = new Int32Array(0);
  private used = 0;

  /** @returns where the set lies, or a problem for an error message. */
  add(categories: ArrayLike<number>): number | string {
    let largest = -1;
    for (let index = 0; index < categories.length; index++) {
      const category = categories[index] as number;
      if (!(Number.isInteger(category) && category >= 0 && category < MAX_CATEGORY)) return `the category ${category}`;
      if (category > largest) largest = category;
    }
    const size = (largest + 32) >>> 5;
    const start = this.used;
    this.used += size + 1;
    if (this.used > MAX_WORDS) return `sets of categories of more than ${MAX_WORDS * 4} bytes`;
    if (this.used > this.words.length) this.grow();
    this.words[start] = size;
    for (let index = 0; index < categories.length; index++) {
      const category = categories[index] as number;
      const word = start + 1 + (category >> 5);
      // XGBoost's bits run from the highest to the lowest; only this class sees them, so they run as is usual here.
      this.words[word] = (this.words[word] as number) | (1 << (category & 31));
    }
    return start;
  }

  /** Whether the category that `value` stands for is in the set at `start`. Fractions are cut, as in XGBoost. */
  has(start: number, value: number): boolean {
    if (!(value >= 0 && value < MAX_CATEGORY)) return false;
    const category = value | 0;
    if (category >> 5 >= (this.words[start] as number)) return false;
    return (((this.words[start + 1 + (category >> 5)] as number) >>> (category & 31)) & 1) === 1;
  }

  private grow(): void {
    const words = new Int32Array(this.used * 2);
    words.set(this.words);
    this.words = words;
  }
}
