import type { Estimator, RowNumbers } from '../estimator';
import type { FittedState } from '../fitted-state';

/** One number a row for how much a binary estimator is for its second class, and what it is compared with. */
export interface BinaryScores {
  readonly scores: RowNumbers;
  readonly threshold: number;
}

/** The decision function, else the probability of the second class, else the prediction of a regressor. */
export function binaryScores(state: FittedState, member: Estimator): BinaryScores {
  if (member.kind === 'regressor' && member.values.columns === 1) return { scores: member.values, threshold: 0.5 };
  if (member.kind !== 'classifier') throw state.unsupported(`holds ${member.name}, which is neither a classifier nor a regressor`);
  if (member.decision?.columns === 1) return { scores: member.decision, threshold: 0 };
  const { labels } = member;
  if (!member.hasProbabilities || labels.count !== 2) throw state.corrupt(`${member.name} has no score of two classes`);
  return { scores: secondProbability(member.probabilities), threshold: 0.5 };
}

export function secondProbability(probabilities: RowNumbers['fill']): RowNumbers {
  return {
    columns: 1,
    flat: true,
    fill(input, out) {
      const both = new Float64Array(2 * input.rows);
      probabilities(input, both);
      for (let row = 0; row < input.rows; row++) out[row] = both[2 * row + 1] as number;
    },
  };
}
