import { readClassLabels } from '../class-labels';
import { type Classifier, FINITE, type RowNumbers } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { classifierFromScores } from '../scores/classifier-from-scores';
import { binarySigmoid, softmax } from '../scores/links';
import { metricNamed } from './distances';

/** `NearestCentroid`: the class whose centre is nearest; since 1.6 with priors, and scores in the Euclidean metric. */
export function buildNearestCentroid(state: FittedState): Classifier {
  const labels = readClassLabels(state);
  const { columns } = state.matrix('centroids_');
  const centroids = state.floats('centroids_', [labels.count, columns]);
  const features = state.features(columns);
  const name = state.text('metric');
  const metric = metricNamed(state, name);
  const nearest: Pick<Classifier, 'classify'> = {
    classify({ rows, data }, out) {
      for (let row = 0; row < rows; row++) {
        let best = 0;
        let least = Infinity;
        for (let label = 0; label < labels.count; label++) {
          const distance = metric.reduced(data, row * features, centroids, label * features, features);
          if (distance < least) [best, least] = [label, distance];
        }
        out[row] = best;
      }
    },
  };
  if (!state.has('class_prior_') || name !== 'euclidean') {
    return { kind: 'classifier', name: state.estimator, features, ...readFeatureNames(state, features), labels, input: FINITE, hasProbabilities: false, probabilities: () => undefined, ...nearest };
  }
  const priors = state.vector('class_prior_', labels.count);
  const isEven = priors.every((prior) => Math.abs(prior - 1 / labels.count) <= 1e-8 + 1e-5 / labels.count);
  const scored = classifierFromScores(state, features, { labels, scores: discriminants(state, centroids, priors, features), input: FINITE, link: labels.count === 2 ? binarySigmoid : softmax });
  return isEven ? { ...scored, ...nearest } : scored;
}

/** Squared distance to each centre in units of the deviation within classes, and the prior; for two classes the difference. */
function discriminants(state: FittedState, centroids: Float64Array, priors: Float64Array, features: number): RowNumbers {
  const deviations = state.vector('within_class_std_dev_', features).map((deviation) => deviation || 1);
  const classes = priors.length;
  const scores = new Float64Array(classes);
  return {
    columns: classes === 2 ? 1 : classes,
    flat: classes === 2,
    fill({ rows, data }, out) {
      for (let row = 0; row < rows; row++) {
        for (let label = 0; label < classes; label++) {
          let sum = 0;
          for (let feature = 0; feature < features; feature++) {
            sum += (((data[row * features + feature] as number) - (centroids[label * features + feature] as number)) / (deviations[feature] as number)) ** 2;
          }
          scores[label] = -sum + 2 * Math.log(priors[label] as number);
        }
        if (classes === 2) out[row] = (scores[1] as number) - (scores[0] as number);
        else out.set(scores, row * classes);
      }
    },
  };
}
