/** Below this the recurrence lifts the argument, above it eight terms of the asymptotic series are exact to the last bits. */
const SERIES_FROM = 10;
const TERMS = [-1 / 12, 1 / 120, -1 / 252, 1 / 240, -1 / 132, 691 / 32760, -1 / 12] as const;

/** The logarithmic derivative of the gamma function, for positive arguments. */
export function digamma(x: number): number {
  let lifted = x;
  let sum = 0;
  while (lifted < SERIES_FROM) {
    sum -= 1 / lifted;
    lifted += 1;
  }
  const square = 1 / (lifted * lifted);
  let power = square;
  let series = 0;
  for (const term of TERMS) {
    series += term * power;
    power *= square;
  }
  return sum + Math.log(lifted) - 0.5 / lifted + series;
}
