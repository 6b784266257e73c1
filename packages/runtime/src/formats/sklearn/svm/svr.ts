import type { Regressor } from '../estimator';
import type { FittedState } from '../fitted-state';
import { regressorOf } from '../regressor-of';
import { readKernelSum } from './read-kernel-sum';

/** Builds `SVR` and `NuSVR`. */
export function buildSvr(state: FittedState): Regressor {
  const { features, sum } = readKernelSum(state);
  return regressorOf(state, features, sum);
}
