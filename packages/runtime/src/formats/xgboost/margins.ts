import type { Matrix } from '../../model/model';

/** Computes what the objective then transforms. */
export interface Margins {
  /** Writes `outputs` sums for each row to `out`. @throws IsvcError ISVC_INPUT_INVALID for a value it does not take. */
  fill(input: Matrix, out: Float32Array): void;
}
