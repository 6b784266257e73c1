import { IsvcError } from 'cdk8s-kserve/api';
import { assertShape } from '../../model/assert-shape';
import type { Matrix } from '../../model/model';
import { ANY_WIDTH, type InputRule } from './estimator';

/** Smallest double that no longer rounds to a finite single-precision number. */
const SINGLE_OVERFLOW = 2 ** 128 - 2 ** 103;

/**
 * What scikit-learn's own validation of `X` refuses.
 *
 * @throws IsvcError ISVC_INPUT_SHAPE for no rows or another number of columns, ISVC_INPUT_INVALID for text and for a
 * value that is not finite (or not in single precision, where the estimator computes in it).
 */
export function checkMatrix(input: Matrix, features: number, rule: InputRule, estimator: string): void {
  assertShape(input, { estimator, features }, features === ANY_WIDTH || input.columns === features);
  checkValues(input, rule, estimator);
}

/** The part of the check that is about values, for steps whose width is right by construction. */
export function checkValues({ columns, data, texts }: Matrix, rule: InputRule, estimator: string): void {
  if (texts && !rule.allowsText) throw hasText(texts, estimator);
  if (rule.allowsNaN && rule.allowsInfinity) return;
  const limit = rule.precision === 'single' ? SINGLE_OVERFLOW : Infinity;
  for (let index = 0; index < data.length; index++) {
    const value = data[index] as number;
    // One comparison passes every ordinary value; NaN and what is too large both fail it.
    if (Math.abs(value) < limit) continue;
    if (Number.isNaN(value) && (rule.allowsNaN || texts?.get(index % columns)?.[Math.floor(index / columns)] !== undefined)) continue;
    throw notFinite(value, Math.floor(index / columns), index % columns, estimator);
  }
}

function notFinite(value: number, row: number, column: number, estimator: string): IsvcError {
  const problem = Number.isFinite(value) ? `${value}, too large for single precision, in which` : `${value}, where`;
  return new IsvcError('ISVC_INPUT_INVALID', `row ${row}, column ${column} is ${problem} ${estimator} expects a finite number`, {
    hint: 'replace missing and infinite values before sending them',
  });
}

function hasText(texts: NonNullable<Matrix['texts']>, estimator: string): IsvcError {
  for (const [column, cells] of texts) {
    const row = cells.findIndex((cell) => cell !== undefined);
    if (row < 0) continue;
    return new IsvcError('ISVC_INPUT_INVALID', `row ${row}, column ${column} is the text ${JSON.stringify(cells[row]?.slice(0, 40))}, where ${estimator} expects a number`);
  }
  return new IsvcError('ISVC_INPUT_INVALID', `${estimator} expects numbers, got text`);
}
