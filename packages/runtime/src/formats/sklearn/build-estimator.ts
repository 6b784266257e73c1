import { PickledObject, type PickleValue } from '../pickle/value';
import type { Estimator, EstimatorBuilder } from './estimator';
import { ESTIMATORS } from './estimators';
import type { FittedState } from './fitted-state';

/** The builder for a class of scikit-learn, `undefined` for any other. */
export function builderOf(object: PickledObject): EstimatorBuilder | undefined {
  const { module, name } = object.type;
  return module.startsWith('sklearn.') && Object.hasOwn(ESTIMATORS, name) ? ESTIMATORS[name] : undefined;
}

export function buildEstimator(state: FittedState, build: EstimatorBuilder): Estimator {
  return build(state, buildMember);
}

function buildMember(owner: FittedState, member: PickleValue | undefined, role: string): Estimator {
  if (!(member instanceof PickledObject)) throw owner.corrupt(`${role} is not an estimator`);
  const build = builderOf(member);
  if (!build) throw owner.unsupported(`holds ${member.type} as ${role}, which is not evaluated here`);
  return build(owner.member(member), buildMember);
}
