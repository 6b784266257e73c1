import { readClassLabels } from '../class-labels';
import { ANY_WIDTH, type Classifier, type Estimator, type MemberBuilder, type RowNumbers } from '../estimator';
import { readMembers } from '../ensemble/members';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { strictestOf } from '../input-rules';
import { binaryScores, secondProbability } from './binary-scores';

/** `OneVsRestClassifier`: one estimator a class, the surest one wins; for two classes there is only one. */
export function buildOneVsRest(state: FittedState, build: MemberBuilder): Classifier {
  const binarizer = state.memberOf(state.value('label_binarizer_'), 'label_binarizer_');
  if (binarizer.text('y_type_')?.startsWith('multilabel')) throw state.unsupported('predicts several labels at once', 'fit one model for each label');
  const labels = readClassLabels(binarizer);
  const members = readMembers(state, build);
  const single = members.length === 1;
  if (single ? labels.count !== 2 : members.length !== labels.count) throw state.corrupt(`has ${members.length} estimators for ${labels.count} classes`);
  const features = members.find((member) => member.features !== ANY_WIDTH)?.features ?? state.features();
  const binaries = members.map((member) => binaryScores(state, member));
  const scores = sideBySide(binaries.map((binary) => binary.scores));
  const positives = probabilitiesOf(members);
  const hasDecision = members.every((member) => member.decision);
  return {
    kind: 'classifier',
    name: state.estimator,
    features,
    ...readFeatureNames(state, features),
    labels,
    input: strictestOf(members.map((member) => member.input)),
    hasProbabilities: positives !== undefined,
    ...(hasDecision ? { decision: scores } : {}),
    classify(input, out) {
      const values = new Float64Array(input.rows * members.length);
      scores.fill(input, values);
      for (let row = 0; row < input.rows; row++) {
        if (single) out[row] = (values[row] as number) > (binaries[0]?.threshold ?? 0) ? 1 : 0;
        else out[row] = lastLargest(values, row * members.length, members.length);
      }
    },
    probabilities(input, out) {
      const values = new Float64Array(input.rows * members.length);
      positives?.fill(input, values);
      for (let row = 0; row < input.rows; row++) {
        if (single) {
          out[2 * row] = 1 - (values[row] as number);
          out[2 * row + 1] = values[row] as number;
          continue;
        }
        const start = row * members.length;
        let sum = 0;
        for (let index = start; index < start + members.length; index++) sum += values[index] as number;
        for (let index = start; index < start + members.length; index++) out[index] = (values[index] as number) / sum;
      }
    },
  };
}

/** Of equal scores the last, unlike NumPy's argmax; scikit-learn compares them one by one. */
function lastLargest(values: Float64Array, start: number, count: number): number {
  let best = 0;
  for (let index = 1; index < count; index++) {
    if ((values[start + index] as number) >= (values[start + best] as number)) best = index;
  }
  return best;
}

function probabilitiesOf(members: readonly Estimator[]): RowNumbers | undefined {
  const all = members.flatMap((member) => (member.kind === 'classifier' && member.hasProbabilities && member.labels.count === 2 ? [secondProbability(member.probabilities)] : []));
  return all.length === members.length ? sideBySide(all) : undefined;
}

/** One column of each. */
export function sideBySide(parts: readonly RowNumbers[]): RowNumbers {
  const columns = parts.length;
  return {
    columns,
    flat: columns === 1,
    fill(input, out) {
      const part = new Float64Array(input.rows);
      parts.forEach(({ fill }, column) => {
        fill(input, part);
        for (let row = 0; row < input.rows; row++) out[row * columns + column] = part[row] as number;
      });
    },
  };
}
