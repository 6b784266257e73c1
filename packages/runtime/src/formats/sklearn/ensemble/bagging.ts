import type { Matrix } from '../../../model/model';
import { readClassLabels } from '../class-labels';
import type { Classifier, Estimator, MemberBuilder, Regressor, RowNumbers } from '../estimator';
import type { FittedState } from '../fitted-state';
import { strictestOf } from '../input-rules';
import { selectColumns } from '../matrices';
import { regressorOf } from '../regressor-of';
import { classifierFromProbabilities } from '../scores/classifier-from-probabilities';
import { encodedPlaces, readClassifiers, readRegressors } from './members';

/** `BaggingRegressor`: the mean of members that each see some of the columns. */
export function buildBaggingRegressor(state: FittedState, build: MemberBuilder): Regressor {
  const members = readRegressors(state, build);
  const features = state.features();
  const views = readViews(state, members, features);
  return regressorOf(state, features, meanOf(members.map((member) => member.values), views, true), strictestOf(members.map((member) => member.input)));
}

/** `BaggingClassifier`: the mean of their probabilities, or of their votes where one has none. */
export function buildBaggingClassifier(state: FittedState, build: MemberBuilder): Classifier {
  const labels = readClassLabels(state);
  const members = readClassifiers(state, build);
  const features = state.features();
  const views = readViews(state, members, features);
  const places = members.map((member) => encodedPlaces(state, member.labels, labels.count));
  const decisions = members.flatMap((member) => (member.decision ? [member.decision] : []));
  const hasDecision = decisions.length === members.length && decisions.every(({ columns }) => columns === decisions[0]?.columns);
  const classifier = classifierFromProbabilities(state, features, labels, strictestOf(members.map((member) => member.input)), (input, out) => {
    out.fill(0);
    members.forEach((member, index) => addShares(member, (views[index] as View)(input), places[index] as Int32Array, labels.count, out));
    for (let index = 0; index < out.length; index++) out[index] = (out[index] as number) / members.length;
  });
  return hasDecision ? { ...classifier, decision: meanOf(decisions, views, decisions[0]?.flat === true) } : classifier;
}

/** The columns of the input that a member was fitted on. */
type View = (input: Matrix) => Matrix;

function readViews(state: FittedState, members: readonly Estimator[], features: number): readonly View[] {
  const subsets = state.list('estimators_features_');
  return members.map((member, index): View => {
    const subset = state.columnIndices(subsets[index], features, 'estimators_features_');
    if (subset.length !== member.features) throw state.corrupt(`a member expects ${member.features} columns and is given ${subset.length}`);
    const isWhole = subset.length === features && subset.every((column, place) => column === place);
    return isWhole ? (input) => input : (input) => selectColumns(input, subset);
  });
}

function meanOf(numbers: readonly RowNumbers[], views: readonly View[], flat: boolean): RowNumbers {
  const columns = numbers[0]?.columns ?? 1;
  return {
    columns,
    flat,
    fill(input, out) {
      const part = new Float64Array(out.length);
      out.fill(0);
      numbers.forEach((member, index) => {
        member.fill((views[index] as View)(input), part);
        for (let cell = 0; cell < out.length; cell++) out[cell] = (out[cell] as number) + (part[cell] as number);
      });
      for (let cell = 0; cell < out.length; cell++) out[cell] = (out[cell] as number) / numbers.length;
    },
  };
}

/** Adds the probabilities of one member to `out`; a vote is a probability of 1. */
export function addShares(member: Classifier, input: Matrix, places: Int32Array, classes: number, out: Float64Array, weight = 1): void {
  const { count } = member.labels;
  if (!member.hasProbabilities) {
    const votes = new Int32Array(input.rows);
    member.classify(input, votes);
    for (let row = 0; row < input.rows; row++) {
      const target = row * classes + (places[votes[row] as number] as number);
      out[target] = (out[target] as number) + weight;
    }
    return;
  }
  const probabilities = new Float64Array(input.rows * count);
  member.probabilities(input, probabilities);
  for (let row = 0; row < input.rows; row++) {
    for (let index = 0; index < count; index++) {
      const target = row * classes + (places[index] as number);
      out[target] = (out[target] as number) + weight * (probabilities[row * count + index] as number);
    }
  }
}
