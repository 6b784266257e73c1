import { readClassLabels } from '../class-labels';
import type { Classifier, MemberBuilder, RowNumbers } from '../estimator';
import { checkWidths, readClassifiers } from '../ensemble/members';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { strictestOf } from '../input-rules';
import { largestOf } from '../scores/largest-of';
import { binaryScores } from './binary-scores';

/** `OneVsOneClassifier`: one classifier a pair of classes, in the order (0,1), (0,2), ..., (1,2), ...; they vote. */
export function buildOneVsOne(state: FittedState, build: MemberBuilder): Classifier {
  const labels = readClassLabels(state);
  const members = readClassifiers(state, build);
  const classes = labels.count;
  if (members.length !== (classes * (classes - 1)) / 2 || !members.every((member) => member.labels.count === 2)) throw state.corrupt(`has ${members.length} estimators for ${classes} classes`);
  if (state.has('pairwise_indices_')) throw state.unsupported('was fitted on a precomputed kernel', 'fit it on the data itself');
  const features = members[0]?.features ?? 0;
  checkWidths(state, members, features);
  const binaries = members.map((member) => binaryScores(state, member));
  const all: RowNumbers = { columns: classes, flat: false, fill: (input, out) => {
    const sums = new Float64Array(out.length);
    const votes = new Int32Array(input.rows);
    const confidences = new Float64Array(input.rows);
    out.fill(0);
    let pair = 0;
    for (let first = 0; first < classes; first++) {
      for (let second = first + 1; second < classes; second++) {
        members[pair]?.classify(input, votes);
        binaries[pair]?.scores.fill(input, confidences);
        pair += 1;
        for (let row = 0; row < input.rows; row++) {
          const start = row * classes;
          const winner = start + (votes[row] === 1 ? second : first);
          out[winner] = (out[winner] as number) + 1;
          sums[start + first] = (sums[start + first] as number) - (confidences[row] as number);
          sums[start + second] = (sums[start + second] as number) + (confidences[row] as number);
        }
      }
    }
    // Confidences tell equal votes apart and are scaled so that they never outweigh one.
    for (let index = 0; index < out.length; index++) {
      const sum = sums[index] as number;
      out[index] = (out[index] as number) + sum / (3 * (Math.abs(sum) + 1));
    }
  } };
  const binary: RowNumbers = { columns: 1, flat: true, fill: (input, out) => {
    const both = new Float64Array(2 * input.rows);
    all.fill(input, both);
    for (let row = 0; row < input.rows; row++) out[row] = both[2 * row + 1] as number;
  } };
  const decision = classes === 2 ? binary : all;
  const threshold = binaries[0]?.threshold ?? 0;
  return {
    kind: 'classifier',
    name: state.estimator,
    features,
    ...readFeatureNames(state, features),
    labels,
    input: strictestOf(members.map((member) => member.input)),
    hasProbabilities: false,
    decision,
    probabilities: () => undefined,
    classify(input, out) {
      const values = new Float64Array(input.rows * decision.columns);
      decision.fill(input, values);
      for (let row = 0; row < input.rows; row++) {
        out[row] = classes === 2 ? Number((values[row] as number) > threshold) : largestOf(values, row * classes, classes);
      }
    },
  };
}
