import type { Matrix } from '../../../model/model';
import { checkWidths, readClassifiers, readRegressors } from '../ensemble/members';
import type { MemberBuilder, MultiClassifier, Regressor } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { strictestOf } from '../input-rules';
import { besideEachOther } from '../matrices';
import { regressorOf } from '../regressor-of';
import { sideBySide } from './one-vs-rest';

/** `MultiOutputRegressor`: one regressor a target. */
export function buildMultiOutputRegressor(state: FittedState, build: MemberBuilder): Regressor {
  const members = readRegressors(state, build);
  const features = members[0]?.features ?? 0;
  checkWidths(state, members, features);
  const values = { ...sideBySide(members.map((member) => member.values)), flat: false };
  return regressorOf(state, features, values, strictestOf(members.map((member) => member.input)));
}

/** `MultiOutputClassifier`: one classifier a target. */
export function buildMultiOutputClassifier(state: FittedState, build: MemberBuilder): MultiClassifier {
  const outputs = readClassifiers(state, build);
  const features = outputs[0]?.features ?? 0;
  checkWidths(state, outputs, features);
  return { kind: 'multi-classifier', name: state.estimator, features, ...readFeatureNames(state, features), input: strictestOf(outputs.map((output) => output.input)), outputs };
}

/** `RegressorChain`: each regressor sees the answers of those before it as further columns. */
export function buildRegressorChain(state: FittedState, build: MemberBuilder): Regressor {
  const members = readRegressors(state, build);
  const features = members[0]?.features ?? 0;
  const targets = members.length;
  members.forEach((member, index) => {
    if (member.features !== features + index) throw state.corrupt(`member ${index} expects ${member.features} columns and is given ${features + index}`);
  });
  const order = state.columnIndicesOf('order_', targets);
  if (new Set(order).size !== targets) throw state.corrupt('order_ does not name each target once');
  return regressorOf(state, features, {
    columns: targets,
    flat: false,
    fill(input, out) {
      let seen: Matrix = input;
      members.forEach((member, index) => {
        const data = new Float64Array(input.rows);
        member.values.fill(seen, data);
        for (let row = 0; row < input.rows; row++) out[row * targets + (order[index] as number)] = data[row] as number;
        seen = besideEachOther([seen, { rows: input.rows, columns: 1, data }], input.rows);
      });
    },
  }, strictestOf(members.map((member) => member.input)));
}
