import type { Classifier } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { treeVote } from './tree-vote';
import { readTreeNodes } from './tree-nodes';
import { readTreeShape, treeAllowsNaN } from './tree-state';

/** Builds `DecisionTreeClassifier` and `ExtraTreeClassifier`. */
export function buildDecisionTreeClassifier(state: FittedState): Classifier {
  const { features, labels } = readTreeShape(state);
  const tree = readTreeNodes(state, features, { classes: labels.count });
  return {
    kind: 'classifier',
    name: state.estimator,
    features,
    ...readFeatureNames(state, features),
    labels,
    input: { precision: 'single', allowsNaN: treeAllowsNaN(state) },
    hasProbabilities: true,
    ...treeVote([() => tree], labels.count),
  };
}
