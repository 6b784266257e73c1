import type { Matrix } from '../../../model/model';
import { readClassLabels } from '../class-labels';
import type { Classifier, MemberBuilder, Regressor, Transform } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { strictestOf } from '../input-rules';
import { regressorOf } from '../regressor-of';
import { classifierFromProbabilities } from '../scores/classifier-from-probabilities';
import { largestOf } from '../scores/largest-of';
import { addShares } from './bagging';
import { checkWidths, encodedPlaces, readClassifiers, readRegressors, readWeights } from './members';

/** `VotingRegressor`: the weighted mean of its members. */
export function buildVotingRegressor(state: FittedState, build: MemberBuilder): Regressor {
  const members = readRegressors(state, build);
  const features = members[0]?.features ?? 0;
  checkWidths(state, members, features);
  const weights = readVotes(state, members.length);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const answers = (input: Matrix): Matrix => {
    const data = new Float64Array(input.rows * members.length);
    const answer = new Float64Array(input.rows);
    members.forEach((member, column) => {
      member.values.fill(input, answer);
      for (let row = 0; row < input.rows; row++) data[row * members.length + column] = answer[row] as number;
    });
    return { rows: input.rows, columns: members.length, data };
  };
  const values = {
    columns: 1,
    flat: true,
    fill(input: Matrix, out: Float64Array): void {
      const { data } = answers(input);
      for (let row = 0; row < input.rows; row++) {
        let sum = 0;
        for (let column = 0; column < members.length; column++) sum += (data[row * members.length + column] as number) * (weights[column] as number);
        out[row] = sum / total;
      }
    },
  };
  return { ...regressorOf(state, features, values, strictestOf(members.map((member) => member.input))), transform: { columns: members.length, apply: answers } };
}

/** `VotingClassifier`: the weighted mean of probabilities (`soft`) or of votes (`hard`). */
export function buildVotingClassifier(state: FittedState, build: MemberBuilder): Classifier {
  const labels = readClassLabels(state);
  const members = readClassifiers(state, build);
  const features = members[0]?.features ?? 0;
  checkWidths(state, members, features);
  const weights = readVotes(state, members.length);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const input = strictestOf(members.map((member) => member.input));
  const places = members.map((member) => encodedPlaces(state, member.labels, labels.count));
  const transform = memberAnswers(state, members, labels.count, places);
  if (state.text('voting') === 'soft') {
    if (!members.every((member) => member.hasProbabilities)) throw state.corrupt('a member lacks probabilities');
    const soft = classifierFromProbabilities(state, features, labels, input, (matrix, out) => {
      out.fill(0);
      members.forEach((member, index) => addShares(member, matrix, places[index] as Int32Array, labels.count, out, weights[index]));
      for (let index = 0; index < out.length; index++) out[index] = (out[index] as number) / total;
    });
    return { ...soft, ...(transform ? { transform } : {}) };
  }
  return {
    kind: 'classifier',
    name: state.estimator,
    features,
    ...readFeatureNames(state, features),
    labels,
    input,
    hasProbabilities: false,
    ...(transform ? { transform } : {}),
    probabilities: () => undefined,
    classify(matrix, out) {
      const votes = new Float64Array(matrix.rows * labels.count);
      members.forEach((member, index) => addShares({ ...member, hasProbabilities: false }, matrix, places[index] as Int32Array, labels.count, votes, weights[index]));
      for (let row = 0; row < matrix.rows; row++) out[row] = largestOf(votes, row * labels.count, labels.count);
    },
  };
}

/** What `transform` answers: the probabilities of each member, or with hard votes the class it votes for. */
function memberAnswers(state: FittedState, members: readonly Classifier[], classes: number, places: readonly Int32Array[]): Transform | undefined {
  const soft = state.text('voting') === 'soft';
  // Unflattened probabilities have three axes.
  if (soft && state.has('flatten_transform') && !state.flag('flatten_transform')) return undefined;
  const width = soft ? classes : 1;
  const columns = members.length * width;
  return {
    columns,
    apply(input) {
      const data = new Float64Array(input.rows * columns);
      members.forEach((member, index) => {
        const answers = new Float64Array(input.rows * classes);
        addShares(soft ? member : { ...member, hasProbabilities: false }, input, places[index] as Int32Array, classes, answers);
        for (let row = 0; row < input.rows; row++) {
          const target = row * columns + index * width;
          if (soft) data.set(answers.subarray(row * classes, (row + 1) * classes), target);
          else data[target] = largestOf(answers, row * classes, classes);
        }
      });
      return { rows: input.rows, columns, data };
    },
  };
}

/** Weights of the members that were not dropped. */
function readVotes(state: FittedState, count: number): Float64Array {
  const weights = readWeights(state, 'weights', count);
  if (weights.length === count) return weights;
  const kept = state.list('estimators').flatMap((entry, index) => (Array.isArray(entry) && entry[1] === 'drop' ? [] : [weights[index] ?? 1]));
  if (kept.length !== count) throw state.corrupt(`weights are ${kept.length} for ${count} members`);
  return Float64Array.from(kept);
}
