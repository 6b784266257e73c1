/** Sums up trees over rows of single-precision numbers. */
export interface Trees {
  /** Adds `outputs` numbers to each of `count` rows of `columns` values. */
  addTo(sums: Float64Array, rows: Float32Array, columns: number, count: number): void;
}
