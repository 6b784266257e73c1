import type { Matrix } from '../../../model/model';
import { toFloat64 } from '../../numpy/elements';
import type { Transformer } from '../estimator';
import type { FittedState } from '../fitted-state';
import { transformerOf } from '../transformer-of';
import { indicatorColumns } from './indicator-columns';
import { isMissingValue, readMissingMarker } from './missing-marker';

/** The rows the imputer was fitted on. */
interface Donors {
  readonly rows: number;
  readonly features: number;
  readonly values: Float64Array;
  /** 1 where a value is missing. */
  readonly missing: Float64Array;
  /** 1 for columns that have any value. */
  readonly valid: Float64Array;
}

/** `KNNImputer`: missing values replaced by the mean of those rows that are nearest in the columns both have. */
export function buildKnnImputer(state: FittedState): Transformer {
  const donors = readDonors(state);
  const { rows: count, features, values, missing, valid } = donors;
  if (state.text('metric') !== 'nan_euclidean') throw state.unsupported('has a metric of its own', 'use nan_euclidean');
  const choice = state.text('weights');
  if (choice !== 'uniform' && choice !== 'distance') throw state.unsupported('has a function for its weights', 'use uniform or distance');
  const marker = readMissingMarker(state);
  const neighbors = state.integer('n_neighbors', 1, 2 ** 31);
  const keepsEmpty = state.flag('keep_empty_features');
  const kept = Array.from(valid.keys()).filter((column) => keepsEmpty || valid[column] !== 0);
  const flagged = state.flag('add_indicator') ? indicatorColumns(state, features) : [];
  const width = kept.length + flagged.length;
  const distances = new Float64Array(count);
  return transformerOf(state, features, width, (input, out) => {
    const gone = new Uint8Array(features);
    for (let row = 0; row < input.rows; row++) {
      for (let column = 0; column < features; column++) gone[column] = Number(isMissingValue(marker, input, row, column));
      if (gone.some((flag, column) => flag === 1 && valid[column] !== 0)) measure(input, row, gone, donors, distances);
      kept.forEach((column, index) => {
        const value = input.data[row * features + column] as number;
        const target = row * width + index;
        if (valid[column] === 0) out[target] = 0;
        else out[target] = gone[column] === 0 ? value : imputed(column);
      });
      flagged.forEach((column, index) => (out[row * width + kept.length + index] = gone[column] as number));
    }
  }, { precision: 'double', allowsNaN: marker.isNaN });

  /** From the nearest rows that have the column; the mean of all where no row can be compared. */
  function imputed(column: number): number {
    const able = Array.from({ length: count }, (_, index) => index).filter((index) => missing[index * features + column] === 0);
    const nearest = able.filter((index) => !Number.isNaN(distances[index])).sort((a, b) => (distances[a] as number) - (distances[b] as number) || a - b).slice(0, neighbors);
    const chosen = nearest.length > 0 ? nearest : able;
    const hasZero = nearest.some((index) => distances[index] === 0);
    let [sum, total] = [0, 0];
    for (const index of chosen) {
      const distance = distances[index] as number;
      const weight = choice === 'uniform' || nearest.length === 0 ? 1 : hasZero ? Number(distance === 0) : 1 / distance;
      sum += weight * (values[index * features + column] as number);
      total += weight;
    }
    return sum / total;
  }
}

/** Euclidean distance over the columns both rows have, scaled up to all columns; NaN where they share none. */
function measure({ data }: Matrix, row: number, gone: Uint8Array, { rows, features, values, missing }: Donors, distances: Float64Array): void {
  for (let donor = 0; donor < rows; donor++) {
    let [sum, shared] = [0, 0];
    for (let column = 0; column < features; column++) {
      if (gone[column] === 1 || missing[donor * features + column] !== 0) continue;
      shared += 1;
      sum += ((data[row * features + column] as number) - (values[donor * features + column] as number)) ** 2;
    }
    distances[donor] = shared === 0 ? NaN : Math.sqrt((features / shared) * sum);
  }
}

function readDonors(state: FittedState): Donors {
  const array = state.array('_fit_X');
  const values = toFloat64(array);
  const [rows, columns] = array.shape;
  if (!values || array.shape.length !== 2 || rows === undefined || columns === undefined || rows < 1 || columns < 1) throw state.corrupt('_fit_X must be a matrix');
  const features = state.features(columns);
  return { rows, features, values, missing: state.floats('_mask_fit_X', [rows, columns]), valid: state.vector('_valid_mask', columns) };
}
