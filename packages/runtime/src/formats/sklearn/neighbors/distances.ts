import type { FittedState } from '../fitted-state';

/** Distance of the row `a[i..]` to the row `b[j..]`, up to a monotonic map for the Euclidean one, which `finish` undoes. */
export interface Metric {
  readonly reduced: (a: Float64Array, i: number, b: Float64Array, j: number, features: number) => number;
  readonly finish: (reduced: number) => number;
}

const same = (value: number): number => value;

const euclidean: Metric = {
  reduced(a, i, b, j, features) {
    let sum = 0;
    for (let feature = 0; feature < features; feature++) {
      const difference = (a[i + feature] as number) - (b[j + feature] as number);
      sum += difference * difference;
    }
    return sum;
  },
  finish: Math.sqrt,
};

const manhattan: Metric = {
  reduced(a, i, b, j, features) {
    let sum = 0;
    for (let feature = 0; feature < features; feature++) sum += Math.abs((a[i + feature] as number) - (b[j + feature] as number));
    return sum;
  },
  finish: same,
};

const chebyshev: Metric = {
  reduced(a, i, b, j, features) {
    let largest = 0;
    for (let feature = 0; feature < features; feature++) largest = Math.max(largest, Math.abs((a[i + feature] as number) - (b[j + feature] as number)));
    return largest;
  },
  finish: same,
};

const cosine: Metric = {
  reduced(a, i, b, j, features) {
    let [product, left, right] = [0, 0, 0];
    for (let feature = 0; feature < features; feature++) {
      const [x, y] = [a[i + feature] as number, b[j + feature] as number];
      product += x * y;
      left += x * x;
      right += y * y;
    }
    // A row of zeros is at right angles to everything.
    return Math.max(0, 1 - product / ((Math.sqrt(left) || 1) * (Math.sqrt(right) || 1)));
  },
  finish: same,
};

function minkowski(power: number): Metric {
  return {
    reduced(a, i, b, j, features) {
      let sum = 0;
      for (let feature = 0; feature < features; feature++) sum += Math.abs((a[i + feature] as number) - (b[j + feature] as number)) ** power;
      return sum;
    },
    finish: (sum) => sum ** (1 / power),
  };
}

const METRICS: Readonly<Record<string, Metric>> = { euclidean, l2: euclidean, sqeuclidean: { ...euclidean, finish: same }, manhattan, l1: manhattan, cityblock: manhattan, chebyshev, infinity: chebyshev, cosine };

/** @throws IsvcError ISVC_MODEL_UNSUPPORTED for a metric that is not known. */
export function metricNamed(state: FittedState, name: string | undefined, power?: number): Metric {
  if (name === 'minkowski' && power !== undefined) return power === 2 ? euclidean : power === 1 ? manhattan : power === Infinity ? chebyshev : minkowski(power);
  const metric = name !== undefined && Object.hasOwn(METRICS, name) ? METRICS[name] : undefined;
  if (!metric) throw state.unsupported(`has the metric ${name === undefined ? 'of a function' : JSON.stringify(name.slice(0, 40))}`, `use one of ${Object.keys(METRICS).join(', ')}, minkowski`);
  return metric;
}
