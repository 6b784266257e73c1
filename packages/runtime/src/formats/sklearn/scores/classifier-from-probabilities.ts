import type { Matrix } from '../../../model/model';
import type { ClassLabels } from '../class-labels';
import type { Classifier, InputRule } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { largestOf } from './largest-of';

/** A classifier that decides for the most probable class. */
export function classifierFromProbabilities(
  state: FittedState, features: number, labels: ClassLabels, input: InputRule, probabilities: (input: Matrix, out: Float64Array) => void,
): Classifier {
  return {
    kind: 'classifier',
    name: state.estimator,
    features,
    ...readFeatureNames(state, features),
    labels,
    input,
    hasProbabilities: true,
    probabilities,
    classify(matrix, out) {
      const values = new Float64Array(matrix.rows * labels.count);
      probabilities(matrix, values);
      for (let row = 0; row < matrix.rows; row++) out[row] = largestOf(values, row * labels.count, labels.count);
    },
  };
}
