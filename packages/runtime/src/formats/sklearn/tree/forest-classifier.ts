import type { Classifier } from '../estimator';
import { readFeatureNames } from '../feature-names';
import { FittedState } from '../fitted-state';
import { PackedTrees } from './packed-trees';
import { readTreeNodes } from './tree-nodes';
import { readTreeShape, treeAllowsNaN } from './tree-state';

/** Builds `RandomForestClassifier` and `ExtraTreesClassifier`: the mean of their trees' probabilities decides. */
export function buildForestClassifier(state: FittedState): Classifier {
  const { features, labels } = readTreeShape(state);
  const classes = labels.count;
  const members = state.objects('estimators_').map((member) => new FittedState(member, state.file));
  const [firstMember] = members;
  if (!firstMember) throw state.corrupt('estimators_ is empty');
  const trees = new PackedTrees(members.map((member) => readTreeNodes(member, features, classes)), classes);
  const { leafProbabilities } = trees;
  const row = new Float32Array(features);
  const scores = new Float64Array(classes);

  /** Sums in the order of the trees and divides at the end, so that even ties fall as in scikit-learn. */
  const average = (data: Float64Array, start: number, out: Float64Array, outStart: number): void => {
    for (let feature = 0; feature < features; feature++) row[feature] = data[start + feature] as number;
    for (let index = 0; index < classes; index++) out[outStart + index] = 0;
    for (let tree = 0; tree < trees.count; tree++) {
      const leaf = trees.leafOf(tree, row) * classes;
      for (let index = 0; index < classes; index++) {
        out[outStart + index] = (out[outStart + index] as number) + (leafProbabilities[leaf + index] as number);
      }
    }
    for (let index = 0; index < classes; index++) out[outStart + index] = (out[outStart + index] as number) / trees.count;
  };
  return {
    kind: 'classifier',
    name: state.estimator,
    features,
    ...readFeatureNames(state, features),
    labels,
    // Forests took over the missing values of their trees one release later, in 1.4.
    input: { precision: 'single', allowsNaN: state.savedBy(1, 4) && treeAllowsNaN(firstMember) },
    hasProbabilities: true,
    classify(data, start) {
      average(data, start, scores, 0);
      let best = 0;
      for (let index = 1; index < classes; index++) {
        if ((scores[index] as number) > (scores[best] as number)) best = index;
      }
      return best;
    },
    probabilities: average,
  };
}
