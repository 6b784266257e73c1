import type { Classifier } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { PackedTrees } from './packed-trees';
import { readTreeNodes } from './tree-nodes';
import { readTreeShape, treeAllowsNaN } from './tree-state';

/** Builds `DecisionTreeClassifier` and `ExtraTreeClassifier`. */
export function buildDecisionTreeClassifier(state: FittedState): Classifier {
  const { features, labels } = readTreeShape(state);
  const classes = labels.count;
  const trees = new PackedTrees([readTreeNodes(state, features, classes)], classes);
  const { leafClass, leafProbabilities } = trees;
  const row = new Float32Array(features);

  const leafOf = (data: Float64Array, start: number): number => {
    for (let feature = 0; feature < features; feature++) row[feature] = data[start + feature] as number;
    return trees.leafOf(0, row);
  };
  return {
    kind: 'classifier',
    name: state.estimator,
    features,
    ...readFeatureNames(state, features),
    labels,
    input: { precision: 'single', allowsNaN: treeAllowsNaN(state) },
    hasProbabilities: true,
    classify: (data, start) => leafClass[leafOf(data, start)] as number,
    probabilities(data, start, out, outStart) {
      const leaf = leafOf(data, start) * classes;
      for (let index = 0; index < classes; index++) out[outStart + index] = leafProbabilities[leaf + index] as number;
    },
  };
}
