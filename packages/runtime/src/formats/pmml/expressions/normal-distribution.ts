const SERIES_END = 3;
const TERMS = 200;

/** The error function, to the precision of doubles: its series for small arguments, a continued fraction for others. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  return size < SERIES_END ? series(x) : Math.sign(x) * (1 - complement(size));
}

export function normalCdf(x: number, mean: number, deviation: number): number {
  const z = (x - mean) / (deviation * Math.SQRT2);
  // The complement keeps the digits that 1 + erf would lose far to the left.
  return z < -SERIES_END ? complement(-z) / 2 : (1 + erf(z)) / 2;
}

export function normalPdf(x: number, mean: number, deviation: number): number {
  const z = (x - mean) / deviation;
  return Math.exp((-z * z) / 2) / (deviation * Math.sqrt(2 * Math.PI));
}

function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < TERMS; n++) {
    term *= (-x * x) / n;
    const next = term / (2 * n + 1);
    sum += next;
    if (Math.abs(next) < 1e-17 * Math.abs(sum)) break;
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** 1 - erf(x) of a large x. */
function complement(x: number): number {
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction));
}
