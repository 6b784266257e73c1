import type { Matrix } from '../../model/model';
import type { Margins } from './margins';
import { SingleRows, type ValueRule } from '../boosting/single-rows';

/**
 * The linear model `gblinear`: missing values add nothing. Where there is a base score for each output, XGBoost adds the
 * first one to all of them, and so must this.
 */
export class LinearMargins implements Margins {
  private readonly weights: Float32Array;
  private readonly base: Float32Array;
  private readonly features: number;
  private readonly row: SingleRows;

  /** @param weights `outputs` for each feature, then one intercept each. */
  constructor(weights: Float32Array, base: Float32Array, rule: ValueRule) {
    this.weights = weights;
    this.base = base;
    this.features = rule.features;
    this.row = new SingleRows(rule);
  }

  fill(input: Matrix, out: Float32Array): void {
    const outputs = this.base.length;
    for (let row = 0; row < input.rows; row++) {
      this.row.load(input, row, row + 1);
      for (let output = 0; output < outputs; output++) out[row * outputs + output] = this.sum(output);
    }
  }

  private sum(output: number): number {
    const { weights, features, base, row: { values } } = this;
    const outputs = base.length;
    let sum = Math.fround((weights[features * outputs + output] as number) + (base[0] as number));
    for (let feature = 0; feature < features; feature++) {
      const value = values[feature] as number;
      if (value === value) sum = Math.fround(sum + Math.fround(value * (weights[feature * outputs + output] as number)));
    }
    return sum;
  }
}
