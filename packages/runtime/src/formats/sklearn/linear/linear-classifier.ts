import { readClassLabels } from '../class-labels';
import { type Classifier, FINITE } from '../estimator';
import type { FittedState } from '../fitted-state';
import { classifierFromScores } from '../scores/classifier-from-scores';
import { binarySigmoid, doubledSigmoid, normalizedSigmoid, type ProbabilityLink, softmax } from '../scores/links';
import { affineScores, readAffine } from './affine';

/** Builds the linear classifiers without probabilities: `LinearSVC`, `Perceptron`, `PassiveAggressiveClassifier`. */
export function buildLinearClassifier(state: FittedState): Classifier {
  return linearClassifier(state);
}

/** `LogisticRegression` and its cross-validated form. */
export function buildLogisticRegression(state: FittedState): Classifier {
  return linearClassifier(state, (classes) => logisticLink(state, classes));
}

/** `SGDClassifier`: probabilities only for the two losses that have them. */
export function buildSgdClassifier(state: FittedState): Classifier {
  const loss = state.text('loss');
  if (loss === 'log_loss' || loss === 'log') return linearClassifier(state, (classes) => (classes > 2 ? normalizedSigmoid : binarySigmoid));
  return linearClassifier(state, loss === 'modified_huber' ? () => modifiedHuber : undefined);
}

/** `RidgeClassifier`, which keeps its classes in the binarizer of its targets. */
export function buildRidgeClassifier(state: FittedState): Classifier {
  const [binarizer] = state.objects('_label_binarizer');
  if (!binarizer) throw state.corrupt('_label_binarizer is missing');
  const inner = state.member(binarizer);
  if (inner.text('y_type_')?.startsWith('multilabel')) throw state.unsupported('predicts several labels at once', 'fit one model for each label');
  const affine = readAffine(state);
  return classifierFromScores(state, affine.features, { labels: readClassLabels(inner), scores: affineScores(affine, affine.outputs === 1), input: FINITE });
}

function linearClassifier(state: FittedState, linkOf?: (classes: number) => ProbabilityLink): Classifier {
  const affine = readAffine(state);
  const labels = readClassLabels(state);
  return classifierFromScores(state, affine.features, { labels, scores: affineScores(affine, affine.outputs === 1), input: FINITE, link: linkOf?.(labels.count) });
}

/**
 * Which function of the scores `LogisticRegression` answers depends on how it was fitted: one-vs-rest or multinomial.
 * The parameter `multi_class` went away in 1.8, and with it one-vs-rest.
 */
function logisticLink(state: FittedState, classes: number): ProbabilityLink {
  const choice = state.text('multi_class');
  const automatic = choice === undefined || choice === 'auto' || choice === 'deprecated';
  const solver = state.text('solver');
  // newton-cholesky learned the multinomial loss in 1.6.
  const rest = (solver === 'liblinear' && !state.savedBy(1, 8)) || (solver === 'newton-cholesky' && !state.savedBy(1, 6));
  const oneVsRest = choice === 'ovr' || choice === 'warn' || (automatic && (classes <= 2 || rest));
  if (classes <= 2) return oneVsRest ? binarySigmoid : doubledSigmoid;
  return oneVsRest ? normalizedSigmoid : softmax;
}

/** `loss="modified_huber"`: scores cut to -1..1 and moved to 0..1; a row with nothing left is shared out evenly. */
const modifiedHuber: ProbabilityLink = (scores, rows, classes, out) => {
  const share = (score: number): number => (Math.min(1, Math.max(-1, score)) + 1) / 2;
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    if (classes === 2) {
      const positive = share(scores[row] as number);
      out[start] = 1 - positive;
      out[start + 1] = positive;
      continue;
    }
    let sum = 0;
    for (let index = start; index < start + classes; index++) sum += out[index] = share(scores[index] as number);
    for (let index = start; index < start + classes; index++) out[index] = sum === 0 ? 1 / classes : (out[index] as number) / sum;
  }
};
