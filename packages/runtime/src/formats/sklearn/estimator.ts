import type { Datatype, Matrix } from '../../model/model';
import type { PickleValue } from '../pickle/value';
import type { ClassLabels } from './class-labels';
import type { FittedState } from './fitted-state';

/** What scikit-learn checks in the input of an estimator before it predicts. */
export interface InputRule {
  /** Trees compare in single precision: what does not fit becomes infinite and is refused. */
  readonly precision: 'double' | 'single';
  readonly allowsNaN: boolean;
  /** @default false */
  readonly allowsInfinity?: boolean;
  /** @default false */
  readonly allowsText?: boolean;
}

/** Numbers computed for each row. `fill` writes `rows * columns` of them to `out`, row after row. */
export interface RowNumbers {
  readonly columns: number;
  /** One number a row, answered without a column axis. */
  readonly flat: boolean;
  fill(input: Matrix, out: Float64Array): void;
}

/** New columns computed from the input; text may come in and go out. */
export interface Transform {
  readonly columns: number;
  /** @throws IsvcError ISVC_INPUT_INVALID for a value it does not take, such as an unknown category. */
  apply(input: Matrix): Matrix;
}

/**
 * A fitted estimator. Everything it will index has been checked when it was built. Its methods may share scratch
 * memory between calls (they are synchronous), and answer each row for itself.
 */
interface Fitted {
  readonly name: string;
  /** Columns of the input, or `ANY_WIDTH`. */
  readonly features: number;
  readonly featureNames?: readonly string[];
  readonly input: InputRule;
  /** Distances, margins or votes behind the prediction: `decision_function`. */
  readonly decision?: RowNumbers;
  readonly transform?: Transform;
  /** Most columns of any matrix on the way to the answer, where that is more than `features`. */
  readonly widest?: number;
}

/** Tells classes apart; clusterers and outlier detectors count as classifiers with numbers for labels. */
export interface Classifier extends Fitted {
  readonly kind: 'classifier';
  readonly labels: ClassLabels;
  readonly hasProbabilities: boolean;
  /** Writes the class index of each row to `out`. */
  classify(input: Matrix, out: Int32Array): void;
  /** Precision the probabilities are computed in. @default 'FP64' */
  readonly probabilityDatatype?: Datatype & ('FP32' | 'FP64');
  /** Writes one probability for each row and class to `out`, row after row. */
  probabilities(input: Matrix, out: Float64Array): void;
}

export interface Regressor extends Fitted {
  readonly kind: 'regressor';
  readonly datatype: Datatype & ('FP32' | 'FP64' | 'INT64');
  readonly values: RowNumbers;
  /** Probabilities of the labels of a chain, one a column. */
  readonly labelProbabilities?: RowNumbers;
}

/** One classifier for each of several outputs, over the same input. */
export interface MultiClassifier extends Fitted {
  readonly kind: 'multi-classifier';
  readonly outputs: readonly Classifier[];
}

export interface Transformer extends Fitted {
  readonly kind: 'transformer';
  readonly transform: Transform;
}

/** Everything the runtime can evaluate. */
export type Estimator = Classifier | Regressor | MultiClassifier | Transformer;

/**
 * Turns the attributes of one fitted estimator into something that predicts.
 *
 * @param build makes the estimators inside it.
 * @throws IsvcError ISVC_MODEL_CORRUPT, ISVC_MODEL_UNSUPPORTED.
 */
export type EstimatorBuilder = (state: FittedState, build: MemberBuilder) => Estimator;

/** Builds an estimator that an attribute of `owner` holds; `role` names it in messages. */
export type MemberBuilder = (owner: FittedState, member: PickleValue | undefined, role: string) => Estimator;

/** `features` of an estimator that takes rows of any width, because it looks at none of them. */
export const ANY_WIDTH = -1;

/** What most estimators ask of their input. */
export const FINITE: InputRule = { precision: 'double', allowsNaN: false };

/** What most transformers ask of it: they leave missing values alone. */
export const FINITE_OR_NAN: InputRule = { precision: 'double', allowsNaN: true };

/** For estimators that leave all checks to those inside them. */
export const ANYTHING: InputRule = { precision: 'double', allowsNaN: true, allowsInfinity: true, allowsText: true };
