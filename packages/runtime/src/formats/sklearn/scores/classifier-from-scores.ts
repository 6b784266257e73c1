import type { ClassLabels } from '../class-labels';
import type { Classifier, InputRule, RowNumbers } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { largestOf } from './largest-of';
import type { ProbabilityLink } from './links';

/** A classifier that decides by scores: one a row for two classes, else one a class. */
export interface ScoredClassifier {
  readonly labels: ClassLabels;
  readonly scores: RowNumbers;
  readonly input: InputRule;
  /** @default - no probabilities */
  readonly link?: ProbabilityLink | undefined;
  /** Whether the scores are public as `decision_function`. @default true */
  readonly hasDecision?: boolean;
  /** Whether a single score of exactly zero means the second class. @default false */
  readonly zeroIsSecond?: boolean;
}

/**
 * The class of the highest score; of a single one, the second class where it is positive.
 *
 * @throws IsvcError ISVC_MODEL_CORRUPT where the number of scores does not go with the number of classes.
 */
export function classifierFromScores(state: FittedState, features: number, parts: ScoredClassifier): Classifier {
  const { labels, scores, input, link, hasDecision = true, zeroIsSecond = false } = parts;
  const { columns } = scores;
  const binary = columns === 1;
  if (binary ? labels.count > 2 : columns !== labels.count) throw state.corrupt(`has ${columns} scores for ${labels.count} classes`);
  return {
    kind: 'classifier',
    name: state.estimator,
    features,
    ...readFeatureNames(state, features),
    labels,
    input,
    hasProbabilities: link !== undefined,
    ...(hasDecision ? { decision: scores } : {}),
    classify(matrix, out) {
      const { rows } = matrix;
      const values = new Float64Array(rows * columns);
      scores.fill(matrix, values);
      for (let row = 0; row < rows; row++) {
        const value = values[row] as number;
        // A single class has its own score and nothing to lose to.
        if (binary) out[row] = labels.count === 2 && (value > 0 || (zeroIsSecond && value === 0)) ? 1 : 0;
        else out[row] = largestOf(values, row * columns, columns);
      }
    },
    probabilities(matrix, out) {
      const values = new Float64Array(matrix.rows * columns);
      scores.fill(matrix, values);
      link?.(values, matrix.rows, labels.count, out);
    },
  };
}
