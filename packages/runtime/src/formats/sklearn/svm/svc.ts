import { type ClassLabels, readClassLabels } from '../class-labels';
import type { Classifier, RowNumbers } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { chooseByConfidence, chooseByVotes, oneVsRestScores } from './choose-class';
import type { KernelSum } from './kernel';
import { KernelSums } from './kernel-sums';
import { coupledProbabilities, type PlattScaling } from './pairwise-coupling';
import { readKernel } from './read-kernel';
import { assertDense, readSupportVectors } from './support-vectors';

/** Builds `SVC` and `NuSVC`, which differ only in how they are fitted. */
export function buildSvc(state: FittedState): Classifier {
  assertDense(state);
  const labels = readClassLabels(state);
  const vectors = readSupportVectors(state);
  const machines = readMachines(state, labels, vectors.count);
  const platt = readPlattScaling(state, machines.length);
  const decisions = new KernelSums(readKernel(state, vectors), vectors.count, machines);
  const breakTies = state.flag('break_ties') && state.text('decision_function_shape') === 'ovr' && labels.count > 2;
  const choose = breakTies ? chooseByConfidence(labels.count) : chooseByVotes(labels.count);
  const couple = platt && coupledProbabilities(labels.count, platt);
  return {
    kind: 'classifier',
    name: state.estimator,
    features: vectors.features,
    ...readFeatureNames(state, vectors.features),
    labels,
    input: { precision: 'double', allowsNaN: false },
    hasProbabilities: couple !== undefined,
    decision: decisionNumbers(decisions, labels.count, machines.length, state.text('decision_function_shape') !== 'ovo'),
    classify(input, out) {
      decisions.each(input, (row, values) => (out[row] = choose(values)));
    },
    probabilities(input, out) {
      decisions.each(input, (row, values) => couple?.(values, out, row * labels.count));
    },
  };
}

/** `decision_function`: the margin for two classes, else one score a class or one a pair, as the model asks for. */
function decisionNumbers(decisions: KernelSums, classes: number, pairs: number, oneVsRest: boolean): RowNumbers {
  const score = oneVsRestScores(classes);
  const columns = classes > 2 && oneVsRest ? classes : pairs;
  return {
    columns,
    flat: classes === 2,
    fill(input, out) {
      decisions.each(input, (row, values) => {
        if (classes === 2) out[row] = -(values[0] as number);
        else if (oneVsRest) score(values, out, row * columns);
        else out.set(values, row * columns);
      });
    },
  };
}

/**
 * One machine for each pair of classes, in the order (0,1), (0,2), ..., (1,2), ...; its sum is libsvm's decision value, positive for
 * the first class of the pair.
 */
function readMachines(state: FittedState, labels: ClassLabels, vectors: number): readonly KernelSum[] {
  const classes = labels.count;
  if (classes < 2) throw state.corrupt('classes_ must have at least two classes');
  const starts = readStarts(state, classes, vectors);
  // `(classes - 1) * vectors` numbers; the row to use depends on the other class of the pair.
  const coefficients = state.floats('_dual_coef_', [classes - 1, vectors]);
  const intercepts = state.floats('_intercept_', [(classes * (classes - 1)) / 2]);
  /** The vectors of a class with the coefficients in a row. */
  const runOf = (index: number, row: number): KernelSum['runs'][number] => {
    const first = starts[index] as number;
    return { first, coefficients: coefficients.subarray(row * vectors + first, row * vectors + (starts[index + 1] as number)) };
  };
  const machines: KernelSum[] = [];
  for (let first = 0; first < classes; first++) {
    for (let second = first + 1; second < classes; second++) {
      machines.push({ runs: [runOf(first, second - 1), runOf(second, first)], intercept: intercepts[machines.length] as number });
    }
  }
  return machines;
}

/** First support vector of each class, and one past the last of all. */
function readStarts(state: FittedState, classes: number, vectors: number): Int32Array {
  // Later releases put an underscore in front and made the public name a property, which is not saved.
  const counts = state.floats(state.has('_n_support') ? '_n_support' : 'n_support_', [classes]);
  const starts = new Int32Array(classes + 1);
  for (let index = 0; index < classes; index++) {
    const count = counts[index] as number;
    if (!Number.isInteger(count) || count < 0 || count > vectors) throw state.corrupt('the numbers of support vectors are out of range');
    starts[index + 1] = (starts[index] as number) + count;
  }
  if (starts[classes] !== vectors) throw state.corrupt(`the classes have ${starts[classes]} support vectors, support_vectors_ has ${vectors}`);
  return starts;
}

/** Only a machine fitted with `probability=True` has the two arrays filled. */
function readPlattScaling(state: FittedState, pairs: number): PlattScaling | undefined {
  if (!state.flag('probability')) return undefined;
  const [slopes, offsets] = state.has('_probA') ? ['_probA', '_probB'] : ['probA_', 'probB_'];
  return { slopes: state.floats(slopes, [pairs]), offsets: state.floats(offsets, [pairs]) };
}
