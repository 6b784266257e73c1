import { type ClassLabels, readClassLabels } from '../class-labels';
import type { Classifier, RowNumbers } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { chooseByConfidence, chooseByVotes, oneVsRestScores } from './choose-class';
import { type Kernel, readKernel } from './kernel';
import { coupledProbabilities, type PlattScaling } from './pairwise-coupling';
import { assertDense, readSupportVectors } from './support-vectors';

/** One-vs-one machines: what libsvm keeps for each pair of classes, in the order (0,1), (0,2), ..., (1,2), ... */
interface Machines {
  readonly classes: number;
  readonly pairs: number;
  readonly vectors: number;
  /** First support vector of each class, and one past the last of all. */
  readonly starts: Int32Array;
  /** `(classes - 1) * vectors` coefficients; the row to use depends on the other class of the pair. */
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
}

/** Builds `SVC` and `NuSVC`, which differ only in how they are fitted. */
export function buildSvc(state: FittedState): Classifier {
  assertDense(state);
  const labels = readClassLabels(state);
  const vectors = readSupportVectors(state);
  const kernel = readKernel(state, vectors);
  const machines = readMachines(state, labels, vectors.count);
  const platt = readPlattScaling(state, machines.pairs);
  const decide = decisionFunction(kernel, machines);
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
    decision: decisionNumbers(decide, labels.count, machines.pairs, state.text('decision_function_shape') !== 'ovo'),
    classify({ rows, columns, data }, out) {
      for (let row = 0; row < rows; row++) out[row] = choose(decide(data, row * columns));
    },
    probabilities({ rows, columns, data }, out) {
      for (let row = 0; row < rows; row++) couple?.(decide(data, row * columns), out, row * labels.count);
    },
  };
}

/** `decision_function`: the margin for two classes, else one score a class or one a pair, as the model asks for. */
function decisionNumbers(decide: (data: Float64Array, start: number) => Float64Array, classes: number, pairs: number, oneVsRest: boolean): RowNumbers {
  const score = oneVsRestScores(classes);
  const columns = classes > 2 && oneVsRest ? classes : pairs;
  return {
    columns,
    flat: classes === 2,
    fill({ rows, columns: width, data }, out) {
      for (let row = 0; row < rows; row++) {
        const decisions = decide(data, row * width);
        if (classes === 2) out[row] = -(decisions[0] as number);
        else if (oneVsRest) score(decisions, out, row * columns);
        else out.set(decisions, row * columns);
      }
    },
  };
}

function readMachines(state: FittedState, labels: ClassLabels, vectors: number): Machines {
  const classes = labels.count;
  if (classes < 2) throw state.corrupt('classes_ must have at least two classes');
  const pairs = (classes * (classes - 1)) / 2;
  // Later releases put an underscore in front and made the public name a property, which is not saved.
  const counts = state.floats(state.has('_n_support') ? '_n_support' : 'n_support_', [classes]);
  const starts = new Int32Array(classes + 1);
  for (let index = 0; index < classes; index++) {
    const count = counts[index] as number;
    if (!Number.isInteger(count) || count < 0 || count > vectors) throw state.corrupt('the numbers of support vectors are out of range');
    starts[index + 1] = (starts[index] as number) + count;
  }
  if (starts[classes] !== vectors) throw state.corrupt(`the classes have ${starts[classes]} support vectors, support_vectors_ has ${vectors}`);
  return {
    classes,
    pairs,
    vectors,
    starts,
    coefficients: state.floats('_dual_coef_', [classes - 1, vectors]),
    intercepts: state.floats('_intercept_', [pairs]),
  };
}

/** Only a machine fitted with `probability=True` has the two arrays filled. */
function readPlattScaling(state: FittedState, pairs: number): PlattScaling | undefined {
  if (!state.flag('probability')) return undefined;
  const [slopes, offsets] = state.has('_probA') ? ['_probA', '_probB'] : ['probA_', 'probB_'];
  return { slopes: state.floats(slopes, [pairs]), offsets: state.floats(offsets, [pairs]) };
}

/** libsvm's decision value of each pair; positive means the first class of the pair. The result is reused by the next call. */
function decisionFunction(kernel: Kernel, machines: Machines): (data: Float64Array, start: number) => Float64Array {
  const { classes, pairs, vectors, starts, coefficients, intercepts } = machines;
  const similarities = new Float64Array(vectors);
  const decisions = new Float64Array(pairs);
  return (data, start) => {
    kernel(data, start, similarities);
    let pair = 0;
    for (let first = 0; first < classes; first++) {
      const firstStart = starts[first] as number;
      const firstEnd = starts[first + 1] as number;
      for (let second = first + 1; second < classes; second++) {
        const firstRow = (second - 1) * vectors;
        const secondRow = first * vectors;
        const secondEnd = starts[second + 1] as number;
        let sum = 0;
        for (let vector = firstStart; vector < firstEnd; vector++) {
          sum += (coefficients[firstRow + vector] as number) * (similarities[vector] as number);
        }
        for (let vector = starts[second] as number; vector < secondEnd; vector++) {
          sum += (coefficients[secondRow + vector] as number) * (similarities[vector] as number);
        }
        decisions[pair] = sum + (intercepts[pair] as number);
        pair += 1;
      }
    }
    return decisions;
  };
}
