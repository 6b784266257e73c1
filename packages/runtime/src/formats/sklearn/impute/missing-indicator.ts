import { IsvcError } from 'cdk8s-kserve/api';
import type { Transformer } from '../estimator';
import type { FittedState } from '../fitted-state';
import { transformerOf } from '../transformer-of';
import { isMissingValue, readMissingMarker } from './missing-marker';

/** `MissingIndicator`: 1 where a value is missing, for the columns in which some were when it was fitted, or for all. */
export function buildMissingIndicator(state: FittedState): Transformer {
  const features = state.features();
  const marker = readMissingMarker(state);
  const flagged = state.columnIndicesOf('features_', features);
  const refusesNew = state.text('features') === 'missing-only' && state.flag('error_on_new');
  return transformerOf(state, features, flagged.length, (input, out) => {
    for (let row = 0; row < input.rows; row++) {
      flagged.forEach((column, index) => {
        out[row * flagged.length + index] = Number(isMissingValue(marker, input, row, column));
      });
      for (let column = 0; refusesNew && column < features; column++) {
        if (!flagged.includes(column) && isMissingValue(marker, input, row, column)) {
          throw new IsvcError('ISVC_INPUT_INVALID', `row ${row}, column ${column} is missing, where none was when ${state.estimator} was fitted`);
        }
      }
    }
  }, { precision: 'double', allowsNaN: marker.isNaN, allowsText: marker.text !== undefined });
}
