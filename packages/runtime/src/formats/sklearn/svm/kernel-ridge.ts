import type { Regressor } from '../estimator';
import type { FittedState } from '../fitted-state';
import { regressorOf } from '../regressor-of';

type Similarity = (data: Float64Array, start: number, other: number) => number;

/** `KernelRidge`: a weighted sum of similarities to the training rows. */
export function buildKernelRidge(state: FittedState): Regressor {
  const { rows: count, columns, values } = state.matrix('X_fit_');
  const features = state.features(columns);
  const { shape, values: weights } = state.tensor('dual_coef_');
  const [rows, outputs = 1] = shape;
  if (rows !== count || shape.length > 2) throw state.corrupt('dual_coef_ does not have a weight for each training row');
  const similarity = readSimilarity(state, values, features);
  return regressorOf(state, features, {
    columns: outputs,
    flat: shape.length === 1,
    fill({ rows: asked, data }, out) {
      out.fill(0);
      for (let row = 0; row < asked; row++) {
        for (let other = 0; other < count; other++) {
          const alike = similarity(data, row * features, other * features);
          for (let output = 0; output < outputs; output++) out[row * outputs + output] = (out[row * outputs + output] as number) + alike * (weights[other * outputs + output] as number);
        }
      }
    },
  });
}

function readSimilarity(state: FittedState, rows: Float64Array, features: number): Similarity {
  const name = state.text('kernel');
  const gamma = state.has('gamma') ? state.number('gamma') : 1 / features;
  const coef0 = state.has('coef0') ? state.number('coef0') : 1;
  const sum = (of: (x: number, y: number) => number): Similarity => (data, start, other) => {
    let total = 0;
    for (let feature = 0; feature < features; feature++) total += of(data[start + feature] as number, rows[other + feature] as number);
    return total;
  };
  const product = sum((x, y) => x * y);
  const map = (inner: Similarity, outer: (value: number) => number): Similarity => (data, start, other) => outer(inner(data, start, other));
  switch (name) {
    case 'linear': return product;
    case 'rbf': return map(sum((x, y) => (x - y) ** 2), (squares) => Math.exp(-gamma * squares));
    case 'laplacian': return map(sum((x, y) => Math.abs(x - y)), (distance) => Math.exp(-gamma * distance));
    case 'sigmoid': return map(product, (value) => Math.tanh(gamma * value + coef0));
    case 'poly':
    case 'polynomial': {
      const degree = state.number('degree');
      return map(product, (value) => (gamma * value + coef0) ** degree);
    }
    default:
      throw state.unsupported(name === undefined ? 'has a Python function as its kernel' : `has the kernel ${JSON.stringify(name.slice(0, 40))}`, 'fit it with one of the kernels linear, rbf, laplacian, polynomial, sigmoid');
  }
}
