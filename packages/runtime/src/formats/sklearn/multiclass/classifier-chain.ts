import type { Matrix } from '../../../model/model';
import { readClassifiers } from '../ensemble/members';
import type { Classifier, MemberBuilder, Regressor, RowNumbers } from '../estimator';
import type { FittedState } from '../fitted-state';
import { strictestOf } from '../input-rules';
import { besideEachOther } from '../matrices';
import { regressorOf } from '../regressor-of';
import { secondProbability } from './binary-scores';

/**
 * `ClassifierChain`: each classifier sees the labels those before it gave as further columns. scikit-learn answers its
 * labels as a matrix of floats, which makes it a regressor here.
 */
export function buildClassifierChain(state: FittedState, build: MemberBuilder): Regressor {
  const members = readClassifiers(state, build);
  const features = members[0]?.features ?? 0;
  members.forEach((member, index) => {
    if (member.features !== features + index) throw state.corrupt(`member ${index} expects ${member.features} columns and is given ${features + index}`);
  });
  const order = state.columnIndicesOf('order_', members.length);
  if (new Set(order).size !== members.length) throw state.corrupt('order_ does not name each label once');
  const method = state.has('chain_method_') ? state.text('chain_method_') : 'predict';
  if (method !== 'predict') throw state.unsupported('chains something else than labels', 'fit it with chain_method="predict"');
  const labels = members.map((member) => labelNumbers(state, member));
  const chained = (answers: readonly RowNumbers[]): RowNumbers => chainOf(labels, answers, order);
  const { decisions, probabilities } = scoresOf(members);
  return {
    ...regressorOf(state, features, chained(labels), strictestOf(members.map((member) => member.input))),
    ...(decisions ? { decision: chained(decisions) } : {}),
    ...(probabilities ? { labelProbabilities: chained(probabilities) } : {}),
  };
}

function chainOf(labels: readonly RowNumbers[], answers: readonly RowNumbers[], order: Int32Array): RowNumbers {
  const columns = labels.length;
  return {
    columns,
    flat: false,
    fill(input, out) {
      let seen: Matrix = input;
      const answer = new Float64Array(input.rows);
      labels.forEach((label, index) => {
        answers[index]?.fill(seen, answer);
        for (let row = 0; row < input.rows; row++) out[row * columns + (order[index] as number)] = answer[row] as number;
        const data = new Float64Array(input.rows);
        label.fill(seen, data);
        seen = besideEachOther([seen, { rows: input.rows, columns: 1, data }], input.rows);
      });
    },
  };
}

function labelNumbers(state: FittedState, { labels, classify }: Classifier): RowNumbers {
  const values = labels.values.map(Number);
  if (values.some(Number.isNaN)) throw state.unsupported('has labels that are no numbers', 'encode them as 0 and 1');
  return {
    columns: 1,
    flat: true,
    fill(input, out) {
      const indices = new Int32Array(input.rows);
      classify(input, indices);
      for (let row = 0; row < input.rows; row++) out[row] = values[indices[row] as number] as number;
    },
  };
}

function scoresOf(members: readonly Classifier[]): { readonly decisions: readonly RowNumbers[] | undefined; readonly probabilities: readonly RowNumbers[] | undefined } {
  const decisions = members.flatMap(({ decision }) => (decision?.columns === 1 ? [decision] : []));
  const probabilities = members.flatMap((member) => (member.hasProbabilities && member.labels.count === 2 ? [secondProbability(member.probabilities)] : []));
  return {
    decisions: decisions.length === members.length ? decisions : undefined,
    probabilities: probabilities.length === members.length ? probabilities : undefined,
  };
}
