import type { ReusedMemory } from '../../numpy/reused-memory';
import type { Classifier } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { readTreeNodes } from './tree-nodes';
import { readTreeShape, treeAllowsNaN } from './tree-state';
import { treeVote } from './tree-vote';

/** Builds `RandomForestClassifier` and `ExtraTreesClassifier`: the mean of their trees' probabilities decides. */
export function buildForestClassifier(state: FittedState): Classifier {
  const { features, labels } = readTreeShape(state);
  const members = state.objects('estimators_').map((member) => state.member(member));
  const [firstMember] = members;
  if (!firstMember) throw state.corrupt('estimators_ is empty');
  const trees = members.map((member) => (memory?: ReusedMemory) => readTreeNodes(member, features, { classes: labels.count }, memory));
  return {
    kind: 'classifier',
    name: state.estimator,
    features,
    ...readFeatureNames(state, features),
    labels,
    // Forests took over the missing values of their trees one release later, in 1.4.
    input: { precision: 'single', allowsNaN: state.savedBy(1, 4) && treeAllowsNaN(firstMember) },
    hasProbabilities: true,
    ...treeVote(trees, labels.count),
  };
}
