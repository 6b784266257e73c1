import type { FittedState } from '../fitted-state';
import { raiseNegatives } from '../numeric/raise-negatives';

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

function dotProducts(vectors: SupportVectors): Kernel {
  const { count, features } = vectors;
  const fours = byFours(vectors);
  return (data, start, out) => {
    let at = 0;
    for (let vector = 0; vector < count; vector += FOUR) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let feature = start; feature < start + features; feature++, at += FOUR) {
        const value = data[feature] as number;
        a += value * (fours[at] as number);
        b += value * (fours[at + 1] as number);
        c += value * (fours[at + 2] as number);
        d += value * (fours[at + 3] as number);
      }
      out[vector] = a;
      out[vector + 1] = b;
      out[vector + 2] = c;
      out[vector + 3] = d;
    }
  };
}

function radialBasis(vectors: SupportVectors, gamma: number): Kernel {
  const { count, features } = vectors;
  const fours = byFours(vectors);
  return (data, start, out) => {
    let at = 0;
    for (let vector = 0; vector < count; vector += FOUR) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let feature = start; feature < start + features; feature++, at += FOUR) {
        const value = data[feature] as number;
        const fromA = value - (fours[at] as number);
        const fromB = value - (fours[at + 1] as number);
        const fromC = value - (fours[at + 2] as number);
        const fromD = value - (fours[at + 3] as number);
        a += fromA * fromA;
        b += fromB * fromB;
        c += fromC * fromC;
        d += fromD * fromD;
      }
      out[vector] = -gamma * a;
      out[vector + 1] = -gamma * b;
      out[vector + 2] = -gamma * c;
      out[vector + 3] = -gamma * d;
    }
    raiseNegatives(out, count);
  };
}

/** Vectors summed up at a time: one sum alone would wait for each addition before it begins the next. */
const FOUR = 4;

/**
 * The vectors in fours, their numbers of one feature beside each other. The last four are filled up with zeros: what is
 * computed for those falls off the end of `out`.
 */
function byFours({ count, features, values }: SupportVectors): Float64Array {
  const fours = new Float64Array(Math.ceil(count / FOUR) * FOUR * features);
  for (let vector = 0; vector < count; vector++) {
    const first = (vector - (vector % FOUR)) * features + (vector % FOUR);
    for (let feature = 0; feature < features; feature++) fours[first + feature * FOUR] = values[vector * features + feature] as number;
  }
  return fours;
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
