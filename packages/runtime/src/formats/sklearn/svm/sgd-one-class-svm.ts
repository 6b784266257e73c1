import { type Classifier, FINITE } from '../estimator';
import type { FittedState } from '../fitted-state';
import { affineScores } from '../linear/affine';
import { outlierDetector } from '../scores/outlier-detector';

/** `SGDOneClassSVM`: an inlier where the weighted sum reaches the offset. */
export function buildSgdOneClassSvm(state: FittedState): Classifier {
  const weights = state.vector('coef_');
  const features = state.features(weights.length);
  const [offset] = state.vector('offset_', 1);
  const scores = affineScores({ features, outputs: 1, flat: true, weights, intercepts: Float64Array.of(-(offset as number)) });
  return outlierDetector(state, features, { scores, input: FINITE, zeroIsInlier: true });
}
