/** Turns the scores of `rows` rows into `classes` probabilities each, in `out`. Binary scores are one number a row. */
export type ProbabilityLink = (scores: Float64Array, rows: number, classes: number, out: Float64Array) => void;

/** The logistic function, without overflow on either side. */
export function expit(value: number): number {
  if (value >= 0) return 1 / (1 + Math.exp(-value));
  const power = Math.exp(value);
  return power / (1 + power);
}

/** One score a row, the probability of the second class being its logistic function. */
export const binarySigmoid: ProbabilityLink = (scores, rows, _classes, out) => {
  for (let row = 0; row < rows; row++) {
    const positive = expit(scores[row] as number);
    out[2 * row] = 1 - positive;
    out[2 * row + 1] = positive;
  }
};

/** One-vs-rest: each class by itself, divided by the sum of all. */
export const normalizedSigmoid: ProbabilityLink = (scores, rows, classes, out) => {
  for (let start = 0; start < rows * classes; start += classes) {
    let sum = 0;
    for (let index = start; index < start + classes; index++) sum += out[index] = expit(scores[index] as number);
    for (let index = start; index < start + classes; index++) out[index] = (out[index] as number) / sum;
  }
};

export const softmax: ProbabilityLink = (scores, rows, classes, out) => {
  for (let start = 0; start < rows * classes; start += classes) softmaxRow(scores, start, classes, out, start);
};

/** The logistic function of twice the score, which is what a softmax over the score and its negative comes to. */
export const doubledSigmoid: ProbabilityLink = (scores, rows, classes, out) => {
  binarySigmoid(scores.map((score) => 2 * score), rows, classes, out);
};

export function softmaxRow(scores: Float64Array, from: number, classes: number, out: Float64Array, to: number): void {
  let largest = -Infinity;
  for (let index = 0; index < classes; index++) largest = Math.max(largest, scores[from + index] as number);
  let sum = 0;
  for (let index = 0; index < classes; index++) {
    const power = Math.exp((scores[from + index] as number) - largest);
    out[to + index] = power;
    sum += power;
  }
  for (let index = 0; index < classes; index++) out[to + index] = (out[to + index] as number) / sum;
}

