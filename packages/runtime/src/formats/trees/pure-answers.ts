/**
 * Answers of which one number is 1 and all others are 0, as most leaves of unlimited trees have them: each is kept once, so that
 * a tree needs few answers and those stay in the cache.
 */
export class PureAnswers {
  private readonly width: number;
  /** The number of the answer whose one number this is, -1 where there is none yet. */
  private readonly known: Int32Array;

  /** @param width numbers of each answer; a single number is never shared. */
  constructor(width: number) {
    this.width = width;
    this.known = new Int32Array(width > 1 ? width : 0).fill(-1);
  }

  /** The number of an answer equal to the one of number `last`, or `last`. */
  numberOf(answers: Float32Array | Float64Array, last: number): number {
    const { known, width } = this;
    let one = -1;
    for (let index = 0; index < known.length; index++) {
      const value = answers[last * width + index] as number;
      if (value === 0 && !Object.is(value, -0)) continue;
      if (value !== 1 || one >= 0) return last;
      one = index;
    }
    if (one < 0) return last;
    if ((known[one] as number) < 0) known[one] = last;
    return known[one] as number;
  }
}
