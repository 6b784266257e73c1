import type { Matrix } from '../../../model/model';
import { readClassLabels } from '../class-labels';
import type { Estimator, MemberBuilder, RowNumbers } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { strictestOf } from '../input-rules';
import { afterTransform } from '../compose/pipeline';
import { besideEachOther } from '../matrices';
import { asClassifier, checkWidths, readMembers } from './members';

/** `StackingClassifier` and `StackingRegressor`: a final estimator over the answers of the others. */
export function buildStacking(state: FittedState, build: MemberBuilder): Estimator {
  const members = readMembers(state, build);
  const features = members[0]?.features ?? 0;
  checkWidths(state, members, features);
  const methods = state.list('stack_method_');
  const parts = members.map((member, index) => stackedAnswers(state, member, methods[index]));
  const passes = state.flag('passthrough');
  const columns = parts.reduce((sum, part) => sum + part.columns - part.first, 0) + (passes ? features : 0);
  const apply = (input: Matrix): Matrix => besideEachOther([...parts.map((part) => columnsOf(part, input)), ...(passes ? [input] : [])], input.rows);
  const last = build(state, state.value('final_estimator_'), 'final_estimator_');
  if (last.features !== columns) throw state.corrupt(`final_estimator_ expects ${last.features} columns and is given ${columns}`);
  const stacked = afterTransform(last, apply, {
    features,
    ...readFeatureNames(state, features),
    input: strictestOf(members.map((member) => member.input)),
    widest: Math.max(features, columns),
  });
  const named = { ...stacked, name: state.estimator, transform: { columns, apply } };
  if (named.kind !== 'classifier') return named;
  // The final estimator was fitted on the places of the classes.
  const labels = readClassLabels(state);
  if (labels.count !== named.labels.count) throw state.corrupt('final_estimator_ has other classes');
  return { ...named, labels };
}

interface Answers extends RowNumbers {
  /** Columns left out at the front: of two probabilities the first says nothing new. */
  readonly first: number;
}

function stackedAnswers(state: FittedState, member: Estimator, method: unknown): Answers {
  if (member.kind === 'regressor' && method === 'predict') return { ...member.values, first: 0 };
  const classifier = asClassifier(state, member);
  const { labels } = classifier;
  if (method === 'predict_proba' && classifier.hasProbabilities) {
    return { columns: labels.count, flat: false, first: labels.count === 2 ? 1 : 0, fill: (input, out) => classifier.probabilities(input, out) };
  }
  if (method === 'decision_function' && classifier.decision) return { ...classifier.decision, first: 0 };
  const numbers = labels.values.map(Number);
  if (method !== 'predict' || numbers.some(Number.isNaN)) throw state.corrupt(`${member.name} does not have the method it is stacked by`);
  return {
    columns: 1,
    flat: true,
    first: 0,
    fill(input, out) {
      const indices = new Int32Array(input.rows);
      classifier.classify(input, indices);
      for (let row = 0; row < input.rows; row++) out[row] = numbers[indices[row] as number] as number;
    },
  };
}

function columnsOf({ columns, first, fill }: Answers, input: Matrix): Matrix {
  const all = new Float64Array(input.rows * columns);
  fill(input, all);
  if (first === 0) return { rows: input.rows, columns, data: all };
  return { rows: input.rows, columns: columns - first, data: all.filter((_, index) => index % columns >= first) };
}
