import { FINITE_OR_NAN, type Transformer } from '../estimator';
import type { FittedState } from '../fitted-state';
import { normalQuantile } from '../numeric/normal-quantile';
import { cellTransformerOf } from '../transformer-of';

/** How far inside the range of the training data a value must lie not to count as its end, for normal output. */
const BOUNDS_THRESHOLD = 1e-7;

/** Ends of the normal output: 0 and 1 would be infinite. */
const LOWEST = normalQuantile(BOUNDS_THRESHOLD - 2 ** -52);
const HIGHEST = normalQuantile(1 - (BOUNDS_THRESHOLD - 2 ** -52));

/** `QuantileTransformer`: where in the training data a value lies, as a fraction or as a normal deviate. */
export function buildQuantileTransformer(state: FittedState): Transformer {
  const { rows, columns, values } = state.matrix('quantiles_');
  const features = state.features(columns);
  const references = state.vector('references_', rows);
  if (rows < 1) throw state.corrupt('quantiles_ is empty');
  const output = state.text('output_distribution');
  if (output !== 'uniform' && output !== 'normal') throw state.unsupported('has an unknown output distribution');
  const quantiles = Array.from({ length: columns }, (_, column) => Float64Array.from({ length: rows }, (__, row) => values[row * columns + column] as number));
  // The mean of interpolating from both ends puts a value that fills several quantiles in their middle.
  const mirrored = quantiles.map((column) => column.map((__, index) => -(column[rows - 1 - index] as number)));
  const mirroredReferences = references.map((_, index) => -(references[rows - 1 - index] as number));
  return cellTransformerOf(state, features, (value, column) => {
    const known = quantiles[column] as Float64Array;
    const low = known[0] as number;
    const high = known[rows - 1] as number;
    const slack = output === 'normal' ? BOUNDS_THRESHOLD : 0;
    let place = 0.5 * (interpolate(value, known, references) - interpolate(-value, mirrored[column] as Float64Array, mirroredReferences));
    if (slack > 0 ? value + slack > high : value === high) place = 1;
    if (slack > 0 ? value - slack < low : value === low) place = 0;
    return output === 'uniform' ? place : Math.min(HIGHEST, Math.max(LOWEST, normalQuantile(place)));
  }, FINITE_OR_NAN);
}

/** NumPy's `interp`: the last of equal positions counts, and outside the positions the end values do. */
export function interpolate(value: number, positions: Float64Array, values: Float64Array): number {
  const last = positions.length - 1;
  if (Number.isNaN(value)) return NaN;
  if (value >= (positions[last] as number)) return values[last] as number;
  if (value < (positions[0] as number)) return values[0] as number;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((positions[middle] as number) <= value) low = middle;
    else high = middle;
  }
  const slope = ((values[high] as number) - (values[low] as number)) / ((positions[high] as number) - (positions[low] as number));
  return slope * (value - (positions[low] as number)) + (values[low] as number);
}
