import { integerLabels } from '../class-labels';
import type { Classifier, InputRule, RowNumbers } from '../estimator';
import type { FittedState } from '../fitted-state';
import { classifierFromScores } from './classifier-from-scores';

/** A model that answers 1 for what looks like the training data, where its score is positive, and -1 for the rest. */
export function outlierDetector(
  state: FittedState, features: number, { scores, input, zeroIsInlier }: { readonly scores: RowNumbers; readonly input: InputRule; readonly zeroIsInlier: boolean },
): Classifier {
  return classifierFromScores(state, features, { labels: integerLabels([-1, 1]), scores, input, zeroIsSecond: zeroIsInlier });
}
