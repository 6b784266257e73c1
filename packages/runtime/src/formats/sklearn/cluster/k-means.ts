import type { Matrix } from '../../../model/model';
import { integerLabels } from '../class-labels';
import { type Classifier, FINITE } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { metricNamed } from '../neighbors/distances';

/** `KMeans` and `MiniBatchKMeans`: the nearest centre; `transform` gives the distances to all. */
export function buildKMeans(state: FittedState): Classifier {
  const { rows: count, columns, values: centers } = state.matrix('cluster_centers_');
  const features = state.features(columns);
  if (count < 1) throw state.corrupt('cluster_centers_ is empty');
  const { reduced } = metricNamed(state, 'euclidean');
  return {
    kind: 'classifier',
    name: state.estimator,
    features,
    ...readFeatureNames(state, features),
    labels: integerLabels(Array.from({ length: count }, (_, index) => index), 'INT32'),
    input: FINITE,
    hasProbabilities: false,
    probabilities: () => undefined,
    classify({ rows, data }, out) {
      for (let row = 0; row < rows; row++) {
        let best = 0;
        let least = Infinity;
        for (let center = 0; center < count; center++) {
          const distance = reduced(data, row * features, centers, center * features, features);
          if (distance < least) [best, least] = [center, distance];
        }
        out[row] = best;
      }
    },
    transform: {
      columns: count,
      apply: (matrix) => distancesTo(state, centers, count, matrix),
    },
  };
}

/** Euclidean distances of each row to each centre. */
export function distancesTo(state: FittedState, centers: Float64Array, count: number, { rows, columns: features, data }: Matrix): Matrix {
  const { reduced, finish } = metricNamed(state, 'euclidean');
  const distances = Float64Array.from({ length: rows * count }, (_, index) => {
    const row = Math.floor(index / count);
    return finish(reduced(data, row * features, centers, (index - row * count) * features, features));
  });
  return { rows, columns: count, data: distances };
}
