import type { PickleValue } from '../../pickle/value';
import type { ClassLabels } from '../class-labels';
import type { Classifier, Estimator, MemberBuilder, Regressor } from '../estimator';
import type { FittedState } from '../fitted-state';

/** The estimators in a list of the state, at least one. */
export function readMembers(state: FittedState, build: MemberBuilder, attribute = 'estimators_'): readonly Estimator[] {
  const members = state.list(attribute).map((member, index) => build(state, member, `${attribute}[${index}]`));
  if (members.length === 0) throw state.corrupt(`${attribute} is empty`);
  return members;
}

export function readClassifiers(state: FittedState, build: MemberBuilder, attribute?: string): readonly Classifier[] {
  return readMembers(state, build, attribute).map((member) => asClassifier(state, member));
}

export function readRegressors(state: FittedState, build: MemberBuilder, attribute?: string): readonly Regressor[] {
  return readMembers(state, build, attribute).map((member) => {
    if (member.kind !== 'regressor' || !member.values.flat) throw state.unsupported(`holds ${member.name}, which does not predict one number`, 'fit it over regressors of one target');
    return member;
  });
}

export function asClassifier(state: FittedState, member: Estimator): Classifier {
  if (member.kind !== 'classifier') throw state.unsupported(`holds ${member.name}, which is not a classifier`, 'fit it over classifiers of one target');
  return member;
}

/** @throws IsvcError ISVC_MODEL_CORRUPT where a member expects another number of columns. */
export function checkWidths(state: FittedState, members: readonly Estimator[], features: number): void {
  for (const member of members) {
    if (member.features !== features) throw state.corrupt(`${member.name} inside it expects ${member.features} columns, it has ${features}`);
  }
}

/** For each class of a member, its place among the classes of the whole. */
export function placesOf(state: FittedState, member: ClassLabels, whole: ClassLabels): Int32Array {
  return Int32Array.from(member.values, (label) => {
    const place = whole.values.indexOf(label);
    if (place < 0) throw state.corrupt(`a member knows the class ${String(label)}, which it lacks`);
    return place;
  });
}

/** The same for a member that was fitted on the places themselves, as numbers. */
export function encodedPlaces(state: FittedState, member: ClassLabels, classes: number): Int32Array {
  return Int32Array.from(member.values, (label) => {
    const place = Number(label);
    if (!Number.isInteger(place) || place < 0 || place >= classes) throw state.corrupt(`a member has the class ${String(label)}, of ${classes}`);
    return place;
  });
}

/** Weights of the members, 1 each where there are none. */
export function readWeights(state: FittedState, attribute: string, count: number): Float64Array {
  if (!state.has(attribute)) return new Float64Array(count).fill(1);
  const value: PickleValue = state.value(attribute);
  const weights = Array.isArray(value) ? Float64Array.from(value, Number) : state.vector(attribute);
  if (weights.length < count || !weights.every(Number.isFinite)) throw state.corrupt(`${attribute} has ${weights.length} weights for ${count} members`);
  return weights;
}
