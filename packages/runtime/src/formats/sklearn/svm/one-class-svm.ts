import type { Classifier } from '../estimator';
import { FINITE } from '../estimator';
import type { FittedState } from '../fitted-state';
import { outlierDetector } from '../scores/outlier-detector';
import { readKernelSum } from './read-kernel-sum';

/** `OneClassSVM`: an inlier where the kernel sum is positive. */
export function buildOneClassSvm(state: FittedState): Classifier {
  const { features, sum } = readKernelSum(state);
  return outlierDetector(state, features, { scores: sum, input: FINITE, zeroIsInlier: false });
}
