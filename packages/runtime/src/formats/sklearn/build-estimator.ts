import { LIGHTGBM_ESTIMATORS } from '../lightgbm/wrappers';
import { PickledObject, type PickleValue } from '../pickle/value';
import { XGBOOST_ESTIMATORS } from '../xgboost/wrappers';
import type { Estimator, EstimatorBuilder } from './estimator';
import { ESTIMATORS } from './estimators';
import type { FittedState } from './fitted-state';
import { refusalOf } from './refused-estimators';

/** Builders by the package that a class is of; no class name occurs twice in one. */
const PACKAGES: Readonly<Record<string, Readonly<Record<string, EstimatorBuilder>>>> = {
  sklearn: ESTIMATORS,
  xgboost: XGBOOST_ESTIMATORS,
  lightgbm: LIGHTGBM_ESTIMATORS,
};

/** The builder for a class, `undefined` for one that is not evaluated here. */
export function builderOf(object: PickledObject): EstimatorBuilder | undefined {
  const { module, name } = object.type;
  const [root = ''] = module.split('.', 1);
  const builders = Object.hasOwn(PACKAGES, root) ? PACKAGES[root] : undefined;
  return builders && Object.hasOwn(builders, name) ? builders[name] : undefined;
}

export function buildEstimator(state: FittedState, build: EstimatorBuilder): Estimator {
  return build(state, buildMember);
}

function buildMember(owner: FittedState, member: PickleValue | undefined, role: string): Estimator {
  if (!(member instanceof PickledObject)) throw owner.corrupt(`${role} is not an estimator`);
  const build = builderOf(member);
  if (!build) {
    const refusal = member.type.module.startsWith('sklearn') ? refusalOf(member.type.name) : undefined;
    throw owner.unsupported(`holds ${member.type} as ${role}, which ${refusal?.why ?? 'is not evaluated here'}`, refusal?.wayOut);
  }
  return build(owner.member(member), buildMember);
}
