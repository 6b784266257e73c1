import type { PredictMethod, TensorSpec } from '../model/model';
import type { Signature } from '../formats/mlflow/signature';
import type { FormatDetails } from './format-details';

/** Why something would be refused, and what to do then. */
export interface Refusal {
  /** Of docs/reference/errors.md. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** What a model says of itself. */
export interface ModelSummary {
  readonly estimator: string;
  readonly platform: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly features?: number;
  readonly featureNames?: readonly string[];
  readonly methods?: readonly PredictMethod[];
}

/** One version of one model, as it lies on disk. */
export interface ModelInspection extends FormatDetails {
  readonly name: string;
  readonly version?: string;
  /** Relative to what was inspected. */
  readonly file: string;
  readonly bytes?: number;
  readonly format?: string;
  /** Of a folder that MLflow wrote. */
  readonly mlflow?: { readonly flavor: string; readonly version?: string; readonly modelClass?: string; readonly signature?: Signature };
  readonly servable: boolean;
  readonly refusal?: Refusal;
  /** Absent where the file is refused. */
  readonly model?: ModelSummary;
}

export interface Inspection {
  readonly path: string;
  readonly layout: string;
  readonly models: readonly ModelInspection[];
}
