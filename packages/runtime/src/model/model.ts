import type { FormatDetails } from '../inspect/format-details';

/** Datatypes of the Open Inference Protocol (V2) that a model can take or give. */
export type Datatype =
  | 'BOOL' | 'INT8' | 'INT16' | 'INT32' | 'INT64' | 'UINT8' | 'UINT16' | 'UINT32' | 'UINT64' | 'FP16' | 'FP32' | 'FP64' | 'BYTES';

/** What a tensor looks like; -1 is a dimension of any length. */
export interface TensorSpec {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
}

/** Input of the tabular models: `rows * columns` values, row after row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
  /**
   * Columns with text, by column index, one entry a row. A text cell is NaN in `data`; an entry that is `undefined` is
   * the number of `data`. Only given to models that take text; absent where every cell is a number.
   */
  readonly texts?: ReadonlyMap<number, readonly (string | undefined)[]>;
}

/** One result; `data` has as many elements as the product of `shape`, row after row. */
export interface OutputTensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  /**
   * BYTES is `string[]`; BOOL is `Uint8Array` of 0 and 1; INT64 and UINT64 are `Float64Array` while every value is a
   * safe integer (class labels are), `BigInt64Array` otherwise; other datatypes are the typed array of their width.
   */
  readonly data: Float64Array | Float32Array | Int32Array | BigInt64Array | Uint8Array | readonly string[];
}

/** What any model says of itself. */
export interface ModelHead {
  readonly platform: string;
  readonly estimator: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/** What a model can be asked for, in scikit-learn's words. */
export type PredictMethod = 'predict' | 'predict_proba' | 'decision_function' | 'transform';

export interface PredictOptions {
  /** `predict_proba` gives class probabilities, where the model has them. @default 'predict' */
  readonly method?: PredictMethod;
}

/** A model in memory, ready to answer. Loading validates everything, so that `predict` cannot fail on a valid matrix. */
export interface Model {
  /** OIP platform name, e.g. `sklearn_joblib`. */
  readonly platform: string;
  /** The estimator's own name, e.g. `SVC`. */
  readonly estimator: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Number of columns that `predict` needs. */
  readonly features: number;
  /** Column names the model was fitted with, when it was fitted on named columns. */
  readonly featureNames?: readonly string[];
  readonly hasProbabilities: boolean;
  /** Whether named rows may leave out columns, which then count as missing (NaN). @default false */
  readonly takesMissingColumns?: boolean;
  /** Whether `predict` takes text cells (`Matrix.texts`). @default false */
  readonly takesText?: boolean;
  /** @default - `predict`, and `predict_proba` where the model has probabilities */
  readonly methods?: readonly PredictMethod[];
  /** @throws IsvcError ISVC_INPUT_SHAPE for a wrong width, ISVC_SERVER_NOT_IMPLEMENTED for a method it lacks. */
  predict(input: Matrix, options?: PredictOptions): OutputTensor;
}

/**
 * Reads one model file. Implementations are registered in `formats/registry.ts`.
 *
 * @throws IsvcError ISVC_MODEL_CORRUPT, ISVC_MODEL_FORBIDDEN or ISVC_MODEL_UNSUPPORTED; never executes anything.
 */
export interface ModelFormat<Answer = Model> {
  readonly name: string;
  /** File extensions with the dot, lower case. */
  readonly extensions: readonly string[];
  /** Extensions that files of other content commonly have, too: looked at only where no other model file is. */
  readonly sharedExtensions?: readonly string[];
  /** Whether a file of an extension that several formats have is of this one; a quick look, not a check. */
  recognizes?(bytes: Buffer): boolean;
  /** @param bytes the whole file. @param file its name, for messages only. @param path where it lies, for formats with files beside the model. @default - `file` */
  parse(bytes: Buffer, file: string, path?: string): Answer;
  /** Checks all that `parse` would, where that takes more than reading. @default `parse` */
  check?(bytes: Buffer, file: string, path?: string): Promise<ModelHead>;
  /** What inspection shows beyond what a model says of itself; also of files that `parse` refuses. */
  details?(bytes: Buffer, file: string): FormatDetails;
}
