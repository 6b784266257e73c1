import { toFloat64 } from '../../numpy/elements';
import { readClassLabels } from '../class-labels';
import { type Classifier, FINITE, type Regressor } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { regressorOf } from '../regressor-of';
import { largestOf } from '../scores/largest-of';
import { readNearestRows } from './nearest-rows';

/** `KNeighborsClassifier`: the class most of the nearest rows have, of equal ones the first. */
export function buildKNeighborsClassifier(state: FittedState): Classifier {
  if (state.flag('outputs_2d_')) throw state.unsupported('predicts several outputs at once', 'fit one model for each output');
  const labels = readClassLabels(state);
  const nearest = readNearestRows(state);
  const encoded = Int32Array.from(state.vector('_y', nearest.count));
  if (!encoded.every((label) => label >= 0 && label < labels.count)) throw state.corrupt('_y has a class out of range');
  const shares = new Float64Array(labels.count);
  const vote = (places: Int32Array, weights: Float64Array): void => {
    shares.fill(0);
    for (let index = 0; index < places.length; index++) {
      const label = encoded[places[index] as number] as number;
      shares[label] = (shares[label] as number) + (weights[index] as number);
    }
  };
  return {
    kind: 'classifier',
    name: state.estimator,
    features: nearest.features,
    ...readFeatureNames(state, nearest.features),
    labels,
    input: FINITE,
    hasProbabilities: true,
    classify(input, out) {
      nearest.forEach(input, ({ places, weights }, row) => {
        vote(places, weights);
        out[row] = largestOf(shares, 0, labels.count);
      });
    },
    probabilities(input, out) {
      nearest.forEach(input, ({ places, weights }, row) => {
        vote(places, weights);
        const sum = shares.reduce((total, share) => total + share, 0) || 1;
        for (let label = 0; label < labels.count; label++) out[row * labels.count + label] = (shares[label] as number) / sum;
      });
    },
  };
}

/** `KNeighborsRegressor`: the weighted mean of the nearest rows' targets. */
export function buildKNeighborsRegressor(state: FittedState): Regressor {
  const nearest = readNearestRows(state);
  const array = state.array('_y');
  const targets = toFloat64(array);
  const [rows, outputs = 1] = array.shape;
  if (!targets || rows !== nearest.count || array.shape.length > 2) throw state.corrupt('_y does not have a target for each row');
  return regressorOf(state, nearest.features, {
    columns: outputs,
    flat: array.shape.length === 1,
    fill(input, out) {
      nearest.forEach(input, ({ places, weights }, row) => {
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        for (let output = 0; output < outputs; output++) {
          let sum = 0;
          for (let index = 0; index < places.length; index++) sum += (targets[(places[index] as number) * outputs + output] as number) * (weights[index] as number);
          out[row * outputs + output] = sum / total;
        }
      });
    },
  });
}
