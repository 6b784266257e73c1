import { type ClassLabels, readClassLabels } from '../class-labels';
import type { Classifier, MemberBuilder, Regressor, RowNumbers } from '../estimator';
import type { FittedState } from '../fitted-state';
import { classifierFromScores } from '../scores/classifier-from-scores';
import { binarySigmoid, doubledSigmoid, softmax } from '../scores/links';
import { readTreeNodes } from '../tree/tree-nodes';
import { treeNumbers } from '../tree/tree-sum';
import { regressorOf } from '../regressor-of';
import { type InitialScores, initialProbabilities, initialValues } from './initial-scores';

const SINGLE = { precision: 'single', allowsNaN: false } as const;

/** `GradientBoostingRegressor`: the first guess plus all trees, each scaled by the learning rate. */
export function buildGradientBoostingRegressor(state: FittedState, build: MemberBuilder): Regressor {
  const features = state.features();
  return regressorOf(state, features, boosted(state, features, 1, initialValues(state, build)), SINGLE);
}

/** `GradientBoostingClassifier`: the same for the log-odds of each class. */
export function buildGradientBoostingClassifier(state: FittedState, build: MemberBuilder): Classifier {
  const features = state.features();
  const labels = readClassLabels(state);
  const columns = labels.count > 2 ? labels.count : 1;
  const exponential = state.text('loss') === 'exponential';
  const scores = boosted(state, features, columns, initialProbabilities(state, build, labels, columns, exponential));
  return classifierFromScores(state, features, {
    labels,
    scores,
    input: SINGLE,
    link: linkOf(labels, exponential),
    // Both classes equally likely went to the first one until the losses were unified in 1.4.
    zeroIsSecond: state.savedBy(1, 4),
  });
}

function linkOf(labels: ClassLabels, exponential: boolean): typeof softmax {
  if (labels.count > 2) return softmax;
  return exponential ? doubledSigmoid : binarySigmoid;
}

function boosted(state: FittedState, features: number, columns: number, initial: InitialScores): RowNumbers {
  const members = state.list('estimators_').map((member) => state.memberOf(member, 'a stage of estimators_'));
  if (members.length === 0 || members.length % columns !== 0) throw state.corrupt(`estimators_ has ${members.length} trees for ${columns} scores`);
  const rate = state.number('learning_rate');
  const trees = members.map((member) => () => {
    const tree = readTreeNodes(member, features, { outputs: 1 });
    return { ...tree, values: tree.values.map((value) => value * rate) };
  });
  return treeNumbers(trees, { width: 1, columns, flat: columns === 1 }, initial);
}
