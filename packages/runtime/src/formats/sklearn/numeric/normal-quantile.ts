/** Coefficients of Acklam's rational approximation, relative error 1.15e-9 before refinement. */
const CENTER_TOP = [-3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1, 2.506628277459239];
const CENTER_BOTTOM = [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1];
const TAIL_TOP = [-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783];
const TAIL_BOTTOM = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1];

const TAIL = 0.02425;

/** The number below which a standard normal variable falls with this probability; infinite for 0 and 1. */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) return probability === 0 ? -Infinity : probability === 1 ? Infinity : NaN;
  // The upper half mirrors the lower one, where a probability near its end keeps all its digits.
  if (probability > 0.5) return -lowerQuantile(1 - probability);
  return lowerQuantile(probability);
}

function lowerQuantile(probability: number): number {
  const start = probability < TAIL ? tail(Math.sqrt(-2 * Math.log(probability))) : center(probability - 0.5);
  return refine(refine(start, probability), probability);
}

function tail(q: number): number {
  return polynomial(TAIL_TOP, q) / polynomial(TAIL_BOTTOM, q);
}

function center(q: number): number {
  const r = q * q;
  return (polynomial(CENTER_TOP, r) * q) / polynomial(CENTER_BOTTOM, r);
}

/** One step of Halley's method. */
function refine(x: number, probability: number): number {
  const error = normalCumulative(x) - probability;
  const step = error * Math.sqrt(2 * Math.PI) * Math.exp((x * x) / 2);
  return x - step / (1 + (x * step) / 2);
}

/** Probability below `x`, for `x <= 0`: a series near the middle, a continued fraction in the tail. */
function normalCumulative(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const size = Math.abs(x);
  if (size < 3) {
    let term = size;
    let sum = size;
    for (let n = 3; term > sum * 1e-17; n += 2) sum += term *= (size * size) / n;
    return 0.5 - density * sum;
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / (size + fraction);
  return density / (size + fraction);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
