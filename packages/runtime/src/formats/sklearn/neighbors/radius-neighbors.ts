import { IsvcError } from 'cdk8s-kserve/api';
import type { Matrix } from '../../../model/model';
import { toFloat64 } from '../../numpy/elements';
import { parseNumber } from '../../numpy/parse-number';
import { readClassLabels } from '../class-labels';
import { type Classifier, FINITE, type Regressor } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { regressorOf } from '../regressor-of';
import { largestOf } from '../scores/largest-of';
import { readTrainingRows } from './training-rows';

/** Calls `visit` for each training row within the radius of a row; what is nearest exactly counts alone where weights are distances. */
type Near = (input: Matrix, row: number, visit: (place: number, weight: number) => void) => void;

/** `RadiusNeighborsClassifier`: the class most of the rows within a radius have, of equal ones the first. */
export function buildRadiusNeighborsClassifier(state: FittedState): Classifier {
  if (state.flag('outputs_2d_')) throw state.unsupported('predicts several outputs at once', 'fit one model for each output');
  const labels = readClassLabels(state);
  const { count, features, near } = readNear(state);
  const encoded = Int32Array.from(state.vector('_y', count));
  if (!encoded.every((label) => label >= 0 && label < labels.count)) throw state.corrupt('_y has a class out of range');
  const outlier = outlierClass(state, labels.values);
  const probabilities = (input: Matrix, out: Float64Array): void => {
    out.fill(0);
    for (let row = 0; row < input.rows; row++) {
      const start = row * labels.count;
      let total = 0;
      near(input, row, (place, weight) => {
        const at = start + (encoded[place] as number);
        out[at] = (out[at] as number) + weight;
        total += weight;
      });
      if (total > 0) for (let label = 0; label < labels.count; label++) out[start + label] = (out[start + label] as number) / total;
      else out[start + (outlier ?? noNeighbor(row))] = 1;
    }
  };
  return {
    kind: 'classifier',
    name: state.estimator,
    features,
    ...readFeatureNames(state, features),
    labels,
    input: FINITE,
    hasProbabilities: true,
    probabilities,
    classify(input, out) {
      const shares = new Float64Array(input.rows * labels.count);
      probabilities(input, shares);
      for (let row = 0; row < input.rows; row++) out[row] = largestOf(shares, row * labels.count, labels.count);
    },
  };
}

/** `RadiusNeighborsRegressor`: the mean of the targets within a radius; NaN where there are none. */
export function buildRadiusNeighborsRegressor(state: FittedState): Regressor {
  const { count, features, near } = readNear(state);
  const array = state.array('_y');
  const targets = toFloat64(array);
  const [rows, outputs = 1] = array.shape;
  if (!targets || rows !== count || array.shape.length > 2) throw state.corrupt('_y does not have a target for each row');
  return regressorOf(state, features, {
    columns: outputs,
    flat: array.shape.length === 1,
    fill(input, out) {
      for (let row = 0; row < input.rows; row++) {
        const sums = new Float64Array(outputs);
        let total = 0;
        near(input, row, (place, weight) => {
          total += weight;
          for (let output = 0; output < outputs; output++) sums[output] = (sums[output] as number) + weight * (targets[place * outputs + output] as number);
        });
        for (let output = 0; output < outputs; output++) out[row * outputs + output] = (sums[output] as number) / total;
      }
    },
  });
}

function readNear(state: FittedState): { readonly count: number; readonly features: number; readonly near: Near } {
  const { count, features, values, metric, byDistance } = readTrainingRows(state);
  const radius = state.number('radius');
  const distances = new Float64Array(count);
  return {
    count, features,
    near({ data }, row, visit) {
      let isExact = false;
      for (let place = 0; place < count; place++) {
        distances[place] = metric.finish(metric.reduced(data, row * features, values, place * features, features));
        isExact ||= distances[place] === 0;
      }
      for (let place = 0; place < count; place++) {
        const distance = distances[place] as number;
        if (distance > radius || (byDistance && isExact && distance > 0)) continue;
        visit(place, byDistance && !isExact ? 1 / distance : 1);
      }
    },
  };
}

/** The class of rows without neighbours. */
function outlierClass(state: FittedState, classes: readonly (string | number | bigint)[]): number | undefined {
  if (!state.has('outlier_label')) return undefined;
  if (state.text('outlier_label') === 'most_frequent') {
    const counts = new Float64Array(classes.length);
    for (const label of state.vector('_y')) counts[label] = (counts[label] as number) + 1;
    return largestOf(counts, 0, classes.length);
  }
  const label = state.text('outlier_label') ?? parseNumber(state.value('outlier_label'));
  const index = label === undefined ? -1 : classes.indexOf(label);
  if (index < 0) throw state.unsupported('has an outlier_label that is none of its classes', 'use one of the classes, or most_frequent');
  return index;
}

function noNeighbor(row: number): never {
  throw new IsvcError('ISVC_INPUT_INVALID', `row ${row} has no neighbour within the radius, and the model has no outlier_label`);
}
