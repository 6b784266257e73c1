import type { FittedState } from '../fitted-state';

/**
 * Similarity of one row to every support vector.
 *
 * @param data the row is `data[start]` and the `features - 1` numbers behind it.
 * @param out receives one value for each support vector.
 */
export type Kernel = (data: Float64Array, start: number, out: Float64Array) => void;

/** Support vectors, `count * features` numbers, one vector after the other. */
export interface SupportVectors {
  readonly count: number;
  readonly features: number;
  readonly values: Float64Array;
}

/** Highest polynomial degree; scikit-learn's default is 3, and libsvm's loop is logarithmic in it. */
const MAX_DEGREE = 2 ** 31 - 1;

/**
 * The kernel a support vector machine was fitted with. Sums run in index order in double precision, as libsvm's do but
 * for the blocking of its BLAS, so values agree to the last few bits.
 *
 * @throws IsvcError ISVC_MODEL_UNSUPPORTED for precomputed kernels and Python functions.
 */
export function readKernel(state: FittedState, vectors: SupportVectors): Kernel {
  const name = state.text('kernel');
  switch (name) {
    case 'linear':
      return dotProducts(vectors);
    case 'rbf':
      return radialBasis(vectors, state.number('_gamma'));
    case 'poly': {
      const degree = state.integer('degree', 0, MAX_DEGREE);
      return mapped(vectors, state, (value) => integerPower(value, degree));
    }
    case 'sigmoid':
      return mapped(vectors, state, Math.tanh);
    default:
      throw state.unsupported(
        name === undefined ? 'has a Python function as its kernel' : `has the kernel ${JSON.stringify(name.slice(0, 40))}`,
        'fit it with one of the kernels linear, poly, rbf, sigmoid',
      );
  }
}

function dotProducts({ count, features, values }: SupportVectors): Kernel {
  return (data, start, out) => {
    let position = 0;
    for (let vector = 0; vector < count; vector++) {
      let sum = 0;
      for (let feature = 0; feature < features; feature++) {
        sum += (data[start + feature] as number) * (values[position + feature] as number);
      }
      out[vector] = sum;
      position += features;
    }
  };
}

function radialBasis({ count, features, values }: SupportVectors, gamma: number): Kernel {
  return (data, start, out) => {
    let position = 0;
    for (let vector = 0; vector < count; vector++) {
      let sum = 0;
      for (let feature = 0; feature < features; feature++) {
        const difference = (data[start + feature] as number) - (values[position + feature] as number);
        sum += difference * difference;
      }
      out[vector] = Math.exp(-gamma * sum);
      position += features;
    }
  };
}

/** Kernels of the form `map(gamma * <x, y> + coef0)`. */
function mapped(vectors: SupportVectors, state: FittedState, map: (value: number) => number): Kernel {
  const gamma = state.number('_gamma');
  const coef0 = state.number('coef0');
  const products = dotProducts(vectors);
  return (data, start, out) => {
    products(data, start, out);
    for (let vector = 0; vector < vectors.count; vector++) out[vector] = map(gamma * (out[vector] as number) + coef0);
  };
}

/** libsvm's repeated squaring, which rounds differently from `**`. */
function integerPower(base: number, exponent: number): number {
  let power = base;
  let result = 1;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= power;
    power *= power;
  }
  return result;
}
