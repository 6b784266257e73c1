import { IsvcError } from 'cdk8s-kserve/api';
import type { Matrix, Model } from './model';

/**
 * Holds a matrix to the width of a model.
 *
 * @param fits whether its number of columns is one that the model takes.
 * @throws IsvcError ISVC_INPUT_SHAPE for another width, for no rows, and for data that is not `rows * columns` long.
 */
export function assertShape({ rows, columns, data }: Matrix, { estimator, features }: Pick<Model, 'estimator' | 'features'>, fits = columns === features): void {
  if (!fits) throw new IsvcError('ISVC_INPUT_SHAPE', `the input has ${columns} columns, ${estimator} expects ${features}`, rowsOf(features));
  if (rows < 1) throw new IsvcError('ISVC_INPUT_SHAPE', `the input has no rows, ${estimator} needs at least one`, rowsOf(features));
  if (data.length !== rows * columns) throw new IsvcError('ISVC_INPUT_SHAPE', `the input has ${data.length} values, ${rows} rows of ${columns} need ${rows * columns}`);
}

/** The way out; there is none to name for a model that takes any width. */
function rowsOf(features: number): { readonly hint?: string } {
  return features > 0 ? { hint: `send rows of ${features} numbers` } : {};
}
