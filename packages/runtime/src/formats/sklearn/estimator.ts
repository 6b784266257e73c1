import type { Matrix } from '../../model/model';
import type { ClassLabels } from './class-labels';
import type { FittedState } from './fitted-state';

/** What scikit-learn checks in the input of an estimator before it predicts. */
export interface InputRule {
  /** Trees compare in single precision: what does not fit becomes infinite and is refused. */
  readonly precision: 'double' | 'single';
  readonly allowsNaN: boolean;
}

/**
 * A fitted classifier. Everything it will index has been checked when it was built. Its methods may share scratch
 * memory between calls (they are synchronous).
 */
export interface Classifier {
  readonly kind: 'classifier';
  readonly name: string;
  readonly features: number;
  readonly featureNames?: readonly string[];
  readonly labels: ClassLabels;
  readonly input: InputRule;
  readonly hasProbabilities: boolean;
  /** Writes the class index of each row to `out`. */
  classify(input: Matrix, out: Int32Array): void;
  /** Writes one probability for each row and class to `out`, row after row. */
  probabilities(input: Matrix, out: Float64Array): void;
}

/** Everything the runtime can evaluate; regressors and transformers join as further kinds. */
export type Estimator = Classifier;

/**
 * Turns the attributes of one fitted estimator into something that predicts.
 *
 * @throws IsvcError ISVC_MODEL_CORRUPT, ISVC_MODEL_UNSUPPORTED.
 */
export type EstimatorBuilder = (state: FittedState) => Estimator;

