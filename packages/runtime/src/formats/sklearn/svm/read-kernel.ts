import type { FittedState } from '../fitted-state';
import type { Kernel, SupportVectors } from './kernel';
import { RadialKernel } from './radial-kernel';
import { byFours, FOUR } from './vectors-by-fours';

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
      return { compare: dotProducts(vectors) };
    case 'rbf':
      return new RadialKernel(vectors, state.number('_gamma'));
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

function dotProducts(vectors: SupportVectors): Kernel['compare'] {
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

/** Kernels of the form `map(gamma * <x, y> + coef0)`. */
function mapped(vectors: SupportVectors, state: FittedState, map: (value: number) => number): Kernel {
  const gamma = state.number('_gamma');
  const coef0 = state.number('coef0');
  const products = dotProducts(vectors);
  return {
    compare(data, start, out) {
      products(data, start, out);
      for (let vector = 0; vector < vectors.count; vector++) out[vector] = map(gamma * (out[vector] as number) + coef0);
    },
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
