import type { Matrix } from '../../../model/model';
import type { RowNumbers } from '../estimator';
import type { FittedState } from '../fitted-state';

/** Weights and intercepts of a linear model: `outputs * features` and `outputs` numbers. */
export interface Affine {
  readonly features: number;
  readonly outputs: number;
  /** Whether the model was fitted on one target without an axis of its own. */
  readonly flat: boolean;
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
}

/**
 * `coef_` and `intercept_`, which have an axis for the outputs or none.
 *
 * @throws IsvcError ISVC_MODEL_CORRUPT where the two do not fit each other.
 */
export function readAffine(state: FittedState): Affine {
  const { shape, values: weights } = state.tensor('coef_');
  const flat = shape.length === 1;
  const [outputs, features] = flat ? [1, shape[0]] : shape;
  if (shape.length > 2 || outputs === undefined || features === undefined || outputs < 1 || features < 1) throw state.corrupt('coef_ must be a matrix of weights');
  const { values } = state.tensor('intercept_');
  // fit_intercept=False leaves one zero, whatever the number of outputs.
  if (values.length !== outputs && values.length !== 1) throw state.corrupt(`intercept_ has ${values.length} numbers for ${outputs} outputs`);
  const intercepts = values.length === outputs ? values : new Float64Array(outputs).fill(values[0] as number);
  return { features: state.features(features), outputs, flat, weights, intercepts };
}

/** `x . weights + intercept` for each row and output. */
export function affineScores(affine: Affine, flat: boolean = affine.flat): RowNumbers {
  return { columns: affine.outputs, flat, fill: (input, out) => applyAffine(affine, input, out) };
}

export function applyAffine(affine: Affine, input: Matrix, out: Float64Array): void {
  if (affine.features >= SPARSE_FEATURES) applyToNonZero(affine, input, out);
  else applyToAll(affine, input, out);
}

/** Rows this wide are bags of words, nearly all zeros. */
const SPARSE_FEATURES = 4096;

function applyToNonZero({ features, outputs, weights, intercepts }: Affine, { rows, data }: Matrix, out: Float64Array): void {
  const present: number[] = [];
  for (let row = 0; row < rows; row++) {
    const start = row * features;
    present.length = 0;
    for (let feature = 0; feature < features; feature++) if (data[start + feature] !== 0) present.push(feature);
    for (let output = 0; output < outputs; output++) {
      let sum = 0;
      for (const feature of present) sum += (data[start + feature] as number) * (weights[output * features + feature] as number);
      out[row * outputs + output] = sum + (intercepts[output] as number);
    }
  }
}

function applyToAll({ features, outputs, weights, intercepts }: Affine, { rows, data }: Matrix, out: Float64Array): void {
  let target = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * features;
    let weight = 0;
    for (let output = 0; output < outputs; output++) {
      let sum = 0;
      for (let feature = 0; feature < features; feature++) sum += (data[start + feature] as number) * (weights[weight++] as number);
      out[target++] = sum + (intercepts[output] as number);
    }
  }
}
