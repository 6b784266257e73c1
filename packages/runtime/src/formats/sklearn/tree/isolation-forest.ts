import type { Classifier } from '../estimator';
import type { FittedState } from '../fitted-state';
import { outlierDetector } from '../scores/outlier-detector';
import { readTreeNodes, type TreeNodes } from './tree-nodes';
import { treeNumbers } from './tree-sum';

/** Euler's constant, as NumPy has it. */
const EULER_GAMMA = 0.5772156649015329;

/** `IsolationForest`: rows that few comparisons single out are outliers. */
export function buildIsolationForest(state: FittedState): Classifier {
  const features = state.features();
  const members = state.objects('estimators_').map((member) => state.member(member));
  if (members.length === 0) throw state.corrupt('estimators_ is empty');
  const subsets = state.list('estimators_features_');
  const trees = members.map((member, index) => () => isolationTree(member, readSubset(state, subsets[index], features)));
  const offset = state.number('offset_');
  const scale = members.length * averagePathLength(state.number('_max_samples'));
  const scores = treeNumbers(trees, { width: 1, columns: 1, flat: true }, () => undefined, (depth) => -(2 ** -(scale === 0 ? 1 : depth / scale)) - offset);
  return outlierDetector(state, features, { scores, input: { precision: 'single', allowsNaN: false }, zeroIsInlier: true });
}

function readSubset(state: FittedState, value: Parameters<FittedState['decode']>[0], features: number): Int32Array {
  const subset = state.columnIndices(value, features, 'estimators_features_');
  if (subset.length === 0) throw state.corrupt('estimators_features_ has an empty list');
  return subset;
}

/** The tree over all features, its answers being how deep a row falls and would still fall in an unpruned tree. */
function isolationTree(member: FittedState, subset: Int32Array): TreeNodes {
  const tree = readTreeNodes(member, subset.length, { outputs: 1 });
  const depths = new Float64Array(tree.count);
  const values = new Float64Array(tree.count);
  const samples = tree.samples();
  const feature = tree.feature.map((index) => (index < 0 ? -1 : (subset[index] as number)));
  for (let node = 0; node < tree.count; node++) {
    const depth = depths[node] as number;
    values[node] = depth + averagePathLength(samples[node] as number);
    if ((tree.feature[node] as number) < 0) continue;
    // Children lie behind their parent.
    depths[tree.left[node] as number] = depth + 1;
    depths[tree.right[node] as number] = depth + 1;
  }
  return { ...tree, feature, values };
}

/** Mean depth at which a search in a random tree of so many samples ends. */
function averagePathLength(samples: number): number {
  if (samples <= 1) return 0;
  if (samples === 2) return 1;
  return 2 * (Math.log(samples - 1) + EULER_GAMMA) - (2 * (samples - 1)) / samples;
}
