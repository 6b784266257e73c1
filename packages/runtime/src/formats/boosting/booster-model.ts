import { IsvcError } from 'cdk8s-kserve/api';
import { assertShape } from '../../model/assert-shape';
import type { Datatype, Matrix, Model, OutputTensor, PredictOptions, TensorSpec } from '../../model/model';

const INPUT_NAME = 'input-0';
const OUTPUT_NAME = 'output-0';

/** One kind of answer: `columns` numbers or labels a row, `undefined` for one without a column axis. */
export interface Answer {
  readonly datatype: Datatype;
  readonly columns?: number | undefined;
  /** `rows * columns` elements, row after row. */
  compute(input: Matrix): OutputTensor['data'];
}

/** What differs between the libraries. Everything has been checked when it was built. */
export interface Booster {
  readonly platform: string;
  readonly estimator: string;
  /** Precision in which inputs are compared. */
  readonly inputDatatype: 'FP32' | 'FP64';
  readonly features: number;
  readonly featureNames?: readonly string[] | undefined;
  /** Rows may leave out columns at the end; they count as missing. */
  readonly takesFewerColumns?: boolean;
  /** Named rows may leave out columns; they count as missing. */
  readonly takesMissingColumns?: boolean;
  readonly predict: Answer;
  readonly probabilities?: Answer;
}

/** A gradient boosting model as the model a server serves. */
export class BoosterModel implements Model {
  readonly platform: string;
  readonly estimator: string;
  readonly features: number;
  readonly featureNames?: readonly string[];
  readonly takesMissingColumns: boolean;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly hasProbabilities: boolean;
  private readonly booster: Booster;

  constructor(booster: Booster) {
    const { platform, estimator, features, featureNames, predict } = booster;
    this.booster = booster;
    this.platform = platform;
    this.estimator = estimator;
    this.features = features;
    if (featureNames) this.featureNames = featureNames;
    this.takesMissingColumns = booster.takesMissingColumns ?? false;
    this.inputs = [{ name: INPUT_NAME, datatype: booster.inputDatatype, shape: [-1, features] }];
    this.outputs = [{ name: OUTPUT_NAME, datatype: predict.datatype, shape: shapeOf(-1, predict) }];
    this.hasProbabilities = booster.probabilities !== undefined;
  }

  predict(input: Matrix, options?: PredictOptions): OutputTensor {
    const { columns } = input;
    assertShape(input, this, columns === this.features || (this.booster.takesFewerColumns === true && columns > 0 && columns < this.features));
    const method = options?.method ?? 'predict';
    const answer = method === 'predict' ? this.booster.predict : method === 'predict_proba' ? this.booster.probabilities : undefined;
    if (!answer) {
      throw new IsvcError('ISVC_SERVER_NOT_IMPLEMENTED', `${this.estimator} has no ${method}`, {
        hint: 'ask for predict; what it answers follows from the objective the model was trained with',
      });
    }
    return { name: OUTPUT_NAME, datatype: answer.datatype, shape: shapeOf(input.rows, answer), data: answer.compute(input) };
  }
}

function shapeOf(rows: number, { columns }: Answer): readonly number[] {
  return columns === undefined ? [rows] : [rows, columns];
}
