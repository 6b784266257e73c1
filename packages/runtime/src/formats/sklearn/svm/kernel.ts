/** What rows are compared with support vectors by. */
export interface Kernel {
  /**
   * Writes the similarity of one row to every support vector.
   *
   * @param data the row is `data[start]` and the `features - 1` numbers behind it.
   * @param out receives one value for each support vector; its length is a multiple of `FOUR`, and what fills it up means nothing.
   */
  compare(data: Float64Array, start: number, out: Float64Array): void;
}

/** Support vectors, `count * features` numbers, one vector after the other. */
export interface SupportVectors {
  readonly count: number;
  readonly features: number;
  readonly values: Float64Array;
}

/** A weighted sum of similarities to support vectors, run after run, plus an intercept. */
export interface KernelSum {
  /** Coefficients of the vectors from `first` on. */
  readonly runs: readonly { readonly first: number; readonly coefficients: Float64Array }[];
  readonly intercept: number;
}
