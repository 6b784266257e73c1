import { PickledObject, type PickleValue } from '../../pickle/value';
import type { MemberBuilder, Regressor, Transformer } from '../estimator';
import type { FittedState } from '../fitted-state';
import { selectColumns } from '../matrices';
import { transformerOf } from '../transformer-of';
import { indicatorColumns } from './indicator-columns';
import { isMissingValue, readMissingMarker } from './missing-marker';

/** A column that is predicted from others. */
interface Step {
  readonly column: number;
  readonly others: Int32Array;
  readonly regressor: Regressor;
}

/** `IterativeImputer`: missing values filled in first by one value a column, then predicted from the other columns, again and again. */
export function buildIterativeImputer(state: FittedState, build: MemberBuilder): Transformer {
  if (state.flag('sample_posterior')) throw state.unsupported('draws its values at random', 'fit it without sample_posterior');
  const features = state.features();
  const initial = build(state, state.value('initial_imputer_'), 'initial_imputer_');
  if (initial.kind !== 'transformer' || initial.features !== features) throw state.corrupt('initial_imputer_ is no imputer of the same columns');
  if (initial.transform.columns !== features) throw state.unsupported('was fitted on columns without any value', 'leave those out, or keep them with keep_empty_features');
  const steps = state.list('imputation_sequence_').map((step) => readStep(state, build, step, features));
  const [least, most] = [state.vector('_min_value', features), state.vector('_max_value', features)];
  const marker = readMissingMarker(state);
  const flagged = state.flag('add_indicator') ? indicatorColumns(state, features) : [];
  const width = features + flagged.length;
  return transformerOf(state, features, width, (input, out) => {
    const { rows } = input;
    const gone = Uint8Array.from({ length: rows * features }, (_, index) => Number(isMissingValue(marker, input, Math.floor(index / features), index % features)));
    const filled = { rows, columns: features, data: Float64Array.from(initial.transform.apply(input).data) };
    // Where nothing is known there is nothing to predict from.
    if (!gone.every((flag) => flag === 1)) for (const step of steps) predictMissing(step, filled, gone, least, most);
    for (let row = 0; row < rows; row++) {
      out.set(filled.data.subarray(row * features, (row + 1) * features), row * width);
      flagged.forEach((column, index) => (out[row * width + features + index] = gone[row * features + column] as number));
    }
  }, { precision: 'double', allowsNaN: marker.isNaN });
}

function predictMissing({ column, others, regressor }: Step, filled: { readonly rows: number; readonly columns: number; readonly data: Float64Array }, gone: Uint8Array, least: Float64Array, most: Float64Array): void {
  const { rows, columns, data } = filled;
  const missing = Int32Array.from({ length: rows }, (_, row) => row).filter((row) => gone[row * columns + column] === 1);
  if (missing.length === 0) return;
  const known = selectColumns(filled, others);
  const predicted = new Float64Array(rows);
  regressor.values.fill(known, predicted);
  for (const row of missing) data[row * columns + column] = Math.min(Math.max(predicted[row] as number, least[column] as number), most[column] as number);
}

function readStep(state: FittedState, build: MemberBuilder, value: PickleValue, features: number): Step {
  const parts = value instanceof PickledObject ? value.args : Array.isArray(value) ? value : [];
  const [column] = state.columnIndices([parts[0] as PickleValue], features, 'imputation_sequence_');
  const others = state.columnIndices(parts[1], features, 'imputation_sequence_');
  const regressor = build(state, parts[2], 'imputation_sequence_');
  if (regressor.kind !== 'regressor' || regressor.values.columns !== 1 || regressor.features !== others.length) throw state.corrupt('imputation_sequence_ holds no regressor of the columns it names');
  return { column: column as number, others, regressor };
}
