import { integerLabels } from '../class-labels';
import { ANY_WIDTH, ANYTHING, type Classifier } from '../estimator';
import type { FittedState } from '../fitted-state';

/** `_ConstantPredictor`, which stands in for a class that every or no row had. */
export function buildConstantPredictor(state: FittedState): Classifier {
  const value = state.tensor('y_').values[0] === 1 ? 1 : 0;
  return {
    kind: 'classifier',
    name: state.estimator,
    features: ANY_WIDTH,
    labels: integerLabels([0, 1]),
    input: ANYTHING,
    hasProbabilities: true,
    decision: { columns: 1, flat: true, fill: (_input, out) => void out.fill(value) },
    classify: ({ rows }, out) => void out.fill(value, 0, rows),
    probabilities(_input, out) {
      for (let index = 0; index < out.length; index++) out[index] = index % 2 === value ? 1 : 0;
    },
  };
}
