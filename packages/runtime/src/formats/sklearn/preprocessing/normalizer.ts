import { FINITE, type Transformer } from '../estimator';
import type { FittedState } from '../fitted-state';
import { cellTransformerOf, transformerOf } from '../transformer-of';

const NORMS: Readonly<Record<string, (row: Float64Array) => number>> = {
  l1: (row) => row.reduce((sum, value) => sum + Math.abs(value), 0),
  l2: (row) => Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)),
  max: (row) => row.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0),
};

/** `Normalizer`: each row divided by its norm; a row of zeros stays. */
export function buildNormalizer(state: FittedState): Transformer {
  const features = state.features();
  const normOf = normNamed(state, state.text('norm') ?? '');
  return transformerOf(state, features, features, ({ rows, data }, out) => {
    for (let row = 0; row < rows; row++) normalizeRow(data.subarray(row * features, (row + 1) * features), normOf, out, row * features);
  });
}

/** `Binarizer`: 1 above the threshold, else 0. */
export function buildBinarizer(state: FittedState): Transformer {
  const threshold = state.number('threshold');
  return cellTransformerOf(state, state.features(), (value) => (value > threshold ? 1 : 0), FINITE);
}

/** @throws IsvcError ISVC_MODEL_UNSUPPORTED for a norm that is not known. */
export function normNamed(state: FittedState, name: string): (row: Float64Array) => number {
  const norm = Object.hasOwn(NORMS, name) ? NORMS[name] : undefined;
  if (!norm) throw state.unsupported(`has the norm ${JSON.stringify(name.slice(0, 20))}`, 'fit it with one of the norms l1, l2, max');
  return norm;
}

export function normalizeRow(row: Float64Array, normOf: (row: Float64Array) => number, out: Float64Array, start: number): void {
  const norm = normOf(row) || 1;
  for (let index = 0; index < row.length; index++) out[start + index] = (row[index] as number) / norm;
}
