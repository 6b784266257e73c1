import { PickledObject } from '../../pickle/value';
import { integerLabels } from '../class-labels';
import { type Classifier, FINITE } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { metricNamed } from '../neighbors/distances';
import { distancesTo } from './k-means';

/** A cluster that was cut in two, or one that is left. */
type Cluster = { readonly label: number } | { readonly left: Half; readonly right: Half };
interface Half {
  readonly center: Float64Array;
  readonly cluster: Cluster;
}

/** Cuts that follow one another; each makes a cluster of its own, of which nobody has so many. */
const MAX_CUTS = 10_000;

/** `BisectingKMeans`: down the tree of its cuts, each time to the nearer of two centres. */
export function buildBisectingKMeans(state: FittedState): Classifier {
  const { rows: count, columns, values: centers } = state.matrix('cluster_centers_');
  const features = state.features(columns);
  const mean = state.has('_X_mean') ? state.vector('_X_mean', features) : new Float64Array(features);
  const cuts = { left: MAX_CUTS };
  const root = readCluster(state.memberOf(state.value('_bisecting_tree'), '_bisecting_tree'), mean, count, cuts);
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
        let cluster = root;
        while ('left' in cluster) {
          const { left, right }: { readonly left: Half; readonly right: Half } = cluster;
          const isLeft = reduced(data, row * features, left.center, 0, features) <= reduced(data, row * features, right.center, 0, features);
          cluster = (isLeft ? left : right).cluster;
        }
        out[row] = cluster.label;
      }
    },
    transform: { columns: count, apply: (matrix) => distancesTo(state, centers, count, matrix) },
  };
}

function readCluster(node: FittedState, mean: Float64Array, count: number, cuts: { left: number }): Cluster {
  if (!node.has('left') || !node.has('right')) return { label: node.integer('label', 0, count - 1) };
  if (cuts.left-- === 0) throw node.corrupt(`is cut more than ${MAX_CUTS} times`);
  const half = (side: 'left' | 'right'): Half => {
    const value = node.value(side);
    if (!(value instanceof PickledObject)) throw node.corrupt(`${side} is no cluster`);
    const child = node.member(value);
    return { center: child.vector('center', mean.length).map((coordinate, feature) => coordinate + (mean[feature] as number)), cluster: readCluster(child, mean, count, cuts) };
  };
  return { left: half('left'), right: half('right') };
}
