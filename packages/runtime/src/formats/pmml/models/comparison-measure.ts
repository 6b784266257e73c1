import type { Element } from '../xml/element';

const COMPARES = ['absDiff', 'gaussSim', 'delta', 'equal'] as const;
const DISTANCES = ['euclidean', 'squaredEuclidean', 'chebychev', 'cityBlock', 'minkowski'] as const;
const SIMILARITIES = ['simpleMatching', 'jaccard', 'tanimoto'] as const;

/** How one field of two points is compared. */
export interface ComparedField {
  readonly weight: number;
  readonly compare: (x: number, y: number) => number;
}

/** How far or how alike two points are. Missing coordinates are NaN. */
export interface ComparisonMeasure {
  readonly isSimilarity: boolean;
  /** @param adjust weight of all fields over the weight of those that are there. */
  readonly measure: (x: ArrayLike<number>, y: ArrayLike<number>, adjust: number) => number;
}

/** The comparison of one ClusteringField or KNNInput. */
export function comparedField(element: Element, weightAttribute: string, whole: Element): ComparedField {
  const name = [element, whole].find((one) => one.attribute('compareFunction') !== undefined)?.oneOf('compareFunction', COMPARES) ?? 'absDiff';
  return { weight: element.number(weightAttribute, 1), compare: compareOf(name, element) };
}

/** @throws IsvcError ISVC_MODEL_UNSUPPORTED for a measure that is not read. */
export function comparisonMeasure(element: Element, fields: readonly ComparedField[]): ComparisonMeasure {
  const measure = element.children.find((child) => child.name !== 'Extension');
  if (!measure) throw element.corrupt('has no measure');
  const known = [...DISTANCES, ...SIMILARITIES] as const;
  const name = known.find((one) => one === measure.name);
  if (!name) throw measure.unsupported(`is no measure that is read; known are ${known.join(', ')}`);
  if (SIMILARITIES.some((one) => one === name)) return { isSimilarity: true, measure: (x, y) => similarity(name as (typeof SIMILARITIES)[number], x, y) };
  return { isSimilarity: false, measure: distance(name as (typeof DISTANCES)[number], measure, fields) };
}

function compareOf(name: (typeof COMPARES)[number], element: Element): (x: number, y: number) => number {
  if (name === 'absDiff') return (x, y) => Math.abs(x - y);
  if (name === 'delta') return (x, y) => (x === y ? 0 : 1);
  if (name === 'equal') return (x, y) => (x === y ? 1 : 0);
  const scale = element.number('similarityScale');
  return (x, y) => Math.exp((-Math.LN2 * (x - y) ** 2) / scale ** 2);
}

function distance(name: (typeof DISTANCES)[number], measure: Element, fields: readonly ComparedField[]): ComparisonMeasure['measure'] {
  const power = name === 'minkowski' ? measure.number('p-parameter') : name === 'cityBlock' ? 1 : 2;
  const sum = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
    let total = 0;
    fields.forEach(({ weight, compare }, i) => {
      const value = x[i] as number;
      if (Number.isNaN(value)) return;
      const part = compare(value, y[i] as number);
      total = name === 'chebychev' ? Math.max(total, weight * part) : total + weight * part ** power;
    });
    return total;
  };
  if (name === 'squaredEuclidean' || name === 'cityBlock' || name === 'chebychev') return (x, y, adjust) => sum(x, y) * adjust;
  return (x, y, adjust) => (sum(x, y) * adjust) ** (1 / power);
}

/** Similarities of yes and no. */
function similarity(name: (typeof SIMILARITIES)[number], x: ArrayLike<number>, y: ArrayLike<number>): number {
  let [both, one, none] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [(x[i] as number) !== 0, (y[i] as number) !== 0];
    if (a && b) both++;
    else if (a || b) one++;
    else none++;
  }
  if (name === 'simpleMatching') return (both + none) / (both + one + none);
  return name === 'jaccard' ? both / (both + one) : (both + none) / (both + 2 * one + none);
}
