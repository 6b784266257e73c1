import { toFloat64 } from '../../numpy/elements';
import { PickledObject } from '../../pickle/value';
import type { Transformer } from '../estimator';
import type { FittedState } from '../fitted-state';
import { normalizeRow, normNamed } from '../preprocessing/normalizer';
import { transformerOf } from '../transformer-of';

/** Weighs the counts of one row in place; they start at `start`. */
export type Weighting = (out: Float64Array, start: number) => void;

/** `TfidfTransformer`: counts times how rare a term is, each row divided by its norm. */
export function buildTfidfTransformer(state: FittedState): Transformer {
  const terms = state.features();
  const weigh = readWeighting(state, terms);
  return transformerOf(state, terms, terms, ({ rows, data }, out) => {
    out.set(data);
    for (let row = 0; row < rows; row++) weigh(out, row * terms);
  });
}

export function readWeighting(state: FittedState, terms: number): Weighting {
  const rarity = state.flag('use_idf') ? readRarity(state, terms) : undefined;
  const sublinear = state.flag('sublinear_tf');
  const normOf = state.has('norm') ? normNamed(state, state.text('norm') ?? '') : undefined;
  return (out, start) => {
    for (let term = 0; term < terms; term++) {
      const count = out[start + term] as number;
      if (count === 0) continue;
      const weight = sublinear ? Math.log(count) + 1 : count;
      out[start + term] = rarity ? weight * (rarity[term] as number) : weight;
    }
    if (normOf) normalizeRow(out.subarray(start, start + terms), normOf, out, start);
  };
}

/** `idf_`, which was the diagonal of a sparse matrix until 1.5. */
function readRarity(state: FittedState, terms: number): Float64Array {
  if (state.has('idf_')) return state.vector('idf_', terms);
  const diagonal = state.value('_idf_diag');
  const data = diagonal instanceof PickledObject && diagonal.state instanceof Map ? diagonal.state.get('data') : undefined;
  const values = toFloat64(state.decode(data, '_idf_diag'));
  if (values?.length !== terms || !values.every(Number.isFinite)) throw state.corrupt(`_idf_diag must have ${terms} numbers`);
  return values;
}
