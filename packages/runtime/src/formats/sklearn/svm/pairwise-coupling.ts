/** Per pair of classes, the sigmoid `1 / (1 + exp(slope * decision + offset))` fitted after the machine itself. */
export interface PlattScaling {
  readonly slopes: Float64Array;
  readonly offsets: Float64Array;
}

/** libsvm keeps pair probabilities this far from 0 and 1. */
const MARGIN = 1e-7;

/**
 * Class probabilities from pairwise ones by the iteration of Wu, Lin and Weng (2004, second method). Its stopping rule
 * is loose, so results are only equal to libsvm's because the steps are: same start, same order, same tolerance.
 *
 * @returns a function that writes `classes` probabilities to `out` from `start` on.
 */
export function coupledProbabilities(
  classes: number, { slopes, offsets }: PlattScaling,
): (decisions: Float64Array, out: Float64Array, start: number) => void {
  const pairwise = new Float64Array(classes * classes);
  const q = new Float64Array(classes * classes);
  const qp = new Float64Array(classes);
  const tolerance = 0.005 / classes;
  const maxIterations = Math.max(100, classes);

  return (decisions, out, start) => {
    let pair = 0;
    for (let first = 0; first < classes; first++) {
      for (let second = first + 1; second < classes; second++) {
        const probability = clamp(sigmoid((decisions[pair] as number) * (slopes[pair] as number) + (offsets[pair] as number)));
        pairwise[first * classes + second] = probability;
        pairwise[second * classes + first] = 1 - probability;
        pair += 1;
      }
    }
    fillQ(pairwise, q, classes);
    for (let index = 0; index < classes; index++) out[start + index] = 1 / classes;
    for (let iteration = 0; iteration < maxIterations; iteration++) {
      const pqp = multiply(q, out, start, qp);
      if (largestDeviation(qp, pqp) < tolerance) break;
      step(q, out, start, qp, pqp);
    }
  };
}

function sigmoid(value: number): number {
  return value >= 0 ? Math.exp(-value) / (1 + Math.exp(-value)) : 1 / (1 + Math.exp(value));
}

/** Written so that NaN becomes the lower bound, as C's comparisons make it. */
function clamp(probability: number): number {
  const atLeast = probability > MARGIN ? probability : MARGIN;
  return atLeast < 1 - MARGIN ? atLeast : 1 - MARGIN;
}

function fillQ(pairwise: Float64Array, q: Float64Array, classes: number): void {
  for (let row = 0; row < classes; row++) {
    let diagonal = 0;
    for (let column = 0; column < classes; column++) {
      if (column === row) continue;
      const against = pairwise[column * classes + row] as number;
      diagonal += against * against;
      q[row * classes + column] = column < row ? (q[column * classes + row] as number) : -against * (pairwise[row * classes + column] as number);
    }
    q[row * classes + row] = diagonal;
  }
}

/** `qp = Q p`; returns `p Q p`. */
function multiply(q: Float64Array, p: Float64Array, start: number, qp: Float64Array): number {
  const classes = qp.length;
  let pqp = 0;
  for (let row = 0; row < classes; row++) {
    let sum = 0;
    for (let column = 0; column < classes; column++) sum += (q[row * classes + column] as number) * (p[start + column] as number);
    qp[row] = sum;
    pqp += (p[start + row] as number) * sum;
  }
  return pqp;
}

function largestDeviation(qp: Float64Array, pqp: number): number {
  let largest = 0;
  for (const value of qp) {
    const deviation = Math.abs(value - pqp);
    if (deviation > largest) largest = deviation;
  }
  return largest;
}

function step(q: Float64Array, p: Float64Array, start: number, qp: Float64Array, startPqp: number): void {
  const classes = qp.length;
  let pqp = startPqp;
  for (let row = 0; row < classes; row++) {
    const diagonal = q[row * classes + row] as number;
    const value = qp[row] as number;
    const change = (pqp - value) / diagonal;
    p[start + row] = (p[start + row] as number) + change;
    pqp = (pqp + change * (change * diagonal + 2 * value)) / (1 + change) / (1 + change);
    for (let column = 0; column < classes; column++) {
      qp[column] = ((qp[column] as number) + change * (q[row * classes + column] as number)) / (1 + change);
      p[start + column] = (p[start + column] as number) / (1 + change);
    }
  }
}
