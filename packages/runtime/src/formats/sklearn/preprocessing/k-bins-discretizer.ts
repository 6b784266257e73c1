import { toFloat64 } from '../../numpy/elements';
import type { Transformer } from '../estimator';
import type { FittedState } from '../fitted-state';
import { cellTransformerOf, transformerOf } from '../transformer-of';

/** `KBinsDiscretizer`: the bin of each value, as its number or as one column a bin. */
export function buildKBinsDiscretizer(state: FittedState): Transformer {
  // Before 1.1 edges had a tolerance of their own.
  if (!state.savedBy(1, 1)) throw state.unsupported('was saved by scikit-learn before 1.1', 'save it with scikit-learn 1.1 or newer');
  const edges = state.list('bin_edges_').map((value, feature) => {
    const values = toFloat64(state.decode(value, `bin_edges_ of feature ${feature}`));
    if (!values || values.length < 2) throw state.corrupt('bin_edges_ holds something that is not a list of edges');
    return values;
  });
  const features = state.features(edges.length);
  const encode = state.text('encode');
  if (encode === 'ordinal') return cellTransformerOf(state, features, (value, column) => binOf(value, edges[column] as Float64Array));
  if (encode !== 'onehot' && encode !== 'onehot-dense') throw state.unsupported('has an unknown encoding');
  const firsts = [0];
  for (const column of edges) firsts.push((firsts[firsts.length - 1] as number) + column.length - 1);
  const columns = firsts[features] as number;
  return transformerOf(state, features, columns, ({ rows, data }, out) => {
    for (let row = 0; row < rows; row++) {
      for (let feature = 0; feature < features; feature++) {
        const bin = binOf(data[row * features + feature] as number, edges[feature] as Float64Array);
        out[row * columns + (firsts[feature] as number) + bin] = 1;
      }
    }
  });
}

/** How many inner edges are at most the value. */
function binOf(value: number, edges: Float64Array): number {
  let low = 1;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
