import { type ClassLabels, readClassLabels } from '../class-labels';
import type { Classifier, MemberBuilder, Regressor, RowNumbers } from '../estimator';
import type { FittedState } from '../fitted-state';
import { strictestOf } from '../input-rules';
import { regressorOf } from '../regressor-of';
import { classifierFromScores } from '../scores/classifier-from-scores';
import { binarySigmoid, type ProbabilityLink, softmaxRow } from '../scores/links';
import { checkWidths, placesOf, readClassifiers, readRegressors, readWeights } from './members';

/** Probabilities below this count as this much, so that their logarithm is finite. */
const SMALLEST = 2 ** -52;

/** `AdaBoostClassifier`: weighted votes, or in `SAMME.R`, which ended with 1.6, summed log-probabilities. */
export function buildAdaBoostClassifier(state: FittedState, build: MemberBuilder): Classifier {
  const labels = readClassLabels(state);
  if (labels.count < 2) throw state.unsupported('has a single class', 'fit it on two classes or more');
  const members = readClassifiers(state, build);
  const features = state.features(members[0]?.features);
  checkWidths(state, members, features);
  const weights = readWeights(state, 'estimator_weights_', members.length);
  const total = state.vector('estimator_weights_').reduce((sum, weight) => sum + weight, 0);
  const places = members.map((member) => placesOf(state, member.labels, labels));
  const byProbability = state.text('algorithm') === 'SAMME.R';
  if (byProbability && !members.every((member) => member.hasProbabilities && member.labels.count === labels.count)) throw state.corrupt('a member lacks probabilities');
  // Votes against a class have counted since 1.3.
  const against = state.savedBy(1, 3) ? -1 / (labels.count - 1) : 0;
  const binary = labels.count === 2;
  const scores: RowNumbers = {
    columns: binary ? 1 : labels.count,
    flat: binary,
    fill(input, out) {
      const { count } = labels;
      const sums = new Float64Array(input.rows * count);
      members.forEach((member, index) => {
        if (byProbability) addLogProbabilities(member, input.rows, (probabilities) => member.probabilities(input, probabilities), sums);
        else {
          const votes = new Int32Array(input.rows);
          member.classify(input, votes);
          addVotes(votes, places[index] as Int32Array, weights[index] as number, against, count, sums);
        }
      });
      for (let row = 0; row < input.rows; row++) {
        if (binary) out[row] = (sums[2 * row + 1] as number) / total - (sums[2 * row] as number) / total;
        else for (let index = row * count; index < (row + 1) * count; index++) out[index] = (sums[index] as number) / total;
      }
    },
  };
  return classifierFromScores(state, features, { labels, scores, input: strictestOf(members.map((member) => member.input)), link: binary ? binarySigmoid : sharedSoftmax });
}

/** `AdaBoostRegressor`: the weighted median of the members. */
export function buildAdaBoostRegressor(state: FittedState, build: MemberBuilder): Regressor {
  const members = readRegressors(state, build);
  const features = state.features(members[0]?.features);
  checkWidths(state, members, features);
  const weights = readWeights(state, 'estimator_weights_', members.length);
  const values: RowNumbers = {
    columns: 1,
    flat: true,
    fill(input, out) {
      const answers = members.map((member) => {
        const answer = new Float64Array(input.rows);
        member.values.fill(input, answer);
        return answer;
      });
      for (let row = 0; row < input.rows; row++) out[row] = weightedMedian(Float64Array.from(answers, (answer) => answer[row] as number), weights);
    },
  };
  return regressorOf(state, features, values, strictestOf(members.map((member) => member.input)));
}

function weightedMedian(values: Float64Array, weights: Float64Array): number {
  const order = Array.from(values.keys()).sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
  const half = 0.5 * order.reduce((sum, index) => sum + (weights[index] as number), 0);
  let sum = 0;
  for (const index of order) {
    sum += weights[index] as number;
    if (sum >= half) return values[index] as number;
  }
  return values[order[0] as number] as number;
}

function addVotes(votes: Int32Array, places: Int32Array, weight: number, against: number, classes: number, sums: Float64Array): void {
  for (let row = 0; row < votes.length; row++) {
    const chosen = places[votes[row] as number];
    for (let index = 0; index < classes; index++) {
      sums[row * classes + index] = (sums[row * classes + index] as number) + (index === chosen ? weight : against * weight);
    }
  }
}

function addLogProbabilities(member: { readonly labels: ClassLabels }, rows: number, probabilitiesOf: (out: Float64Array) => void, sums: Float64Array): void {
  const classes = member.labels.count;
  const logs = new Float64Array(rows * classes);
  probabilitiesOf(logs);
  for (let start = 0; start < logs.length; start += classes) {
    let total = 0;
    for (let index = start; index < start + classes; index++) total += logs[index] = Math.log(Math.max(logs[index] as number, SMALLEST));
    for (let index = start; index < start + classes; index++) {
      sums[index] = (sums[index] as number) + (classes - 1) * ((logs[index] as number) - total / classes);
    }
  }
}

const sharedSoftmax: ProbabilityLink = (scores, rows, classes, out) => {
  const shared = scores.map((score) => score / (classes - 1));
  for (let start = 0; start < rows * classes; start += classes) softmaxRow(shared, start, classes, out, start);
};
