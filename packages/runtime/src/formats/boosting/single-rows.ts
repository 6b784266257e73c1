import { IsvcError } from 'cdk8s-kserve/api';
import type { Matrix } from '../../model/model';

/** How values become the single-precision numbers that XGBoost and CatBoost compare. */
export interface ValueRule {
  /** Rows narrower than this are filled up with missing values. */
  readonly features: number;
  /** `xgboost.DMatrix` refuses them, the scikit-learn wrappers do not. */
  readonly allowsInfinity: boolean;
  /** A number that stands for a missing value besides NaN. */
  readonly missing?: number | undefined;
}

/**
 * A block of rows in single precision. One instance serves every call of a model, so that the usual request of a few
 * rows allocates nothing.
 */
export class SingleRows {
  values: Float32Array = new Float32Array(0);
  hasMissing = false;
  private readonly rule: ValueRule;

  constructor(rule: ValueRule) {
    this.rule = rule;
  }

  /** Takes the rows from `first` up to `end`. @throws IsvcError ISVC_INPUT_INVALID for an infinite value that is not allowed. */
  load({ columns, data }: Matrix, first: number, end: number): void {
    const { features, missing } = this.rule;
    const size = (end - first) * features;
    if (this.values.length < size) this.values = new Float32Array(size);
    const { values } = this;
    this.hasMissing = columns < features;
    let from = first * columns;
    for (let to = 0; to < size; to += features) {
      for (let column = 0; column < columns; column++) {
        values[to + column] = data[from++] as number;
        const value = values[to + column] as number;
        // Both NaN and the infinities have no difference of zero to themselves.
        if (value - value !== 0) this.odd(value, Math.floor((from - 1) / columns), column);
        if (value === missing) this.missing(to + column);
      }
      if (columns < features) values.fill(Number.NaN, to + columns, to + features);
    }
  }

  private missing(at: number): void {
    this.values[at] = Number.NaN;
    this.hasMissing = true;
  }

  private odd(value: number, row: number, column: number): void {
    if (Number.isNaN(value)) this.hasMissing = true;
    else if (!this.rule.allowsInfinity && value !== this.rule.missing) {
      throw new IsvcError('ISVC_INPUT_INVALID', `row ${row}, column ${column} is infinite, or too large for single precision, in which the model computes`, {
        hint: 'send null where a value is missing, and a number below 3.4e38 where it is large',
      });
    }
  }
}
