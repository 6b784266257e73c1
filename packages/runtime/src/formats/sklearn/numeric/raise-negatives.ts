/** Parts of an octave that the table knows; between them five terms of the power series give every bit. */
const STEPS = 128;
/** Below it, results lose bits or are zero; they are left to `Math.exp`. */
const LOWEST = -700;
/** Adding it rounds to a whole number, and taking it away again leaves that number. */
const ROUNDING = 1.5 * 2 ** 52;
/** ln 2 / STEPS in two parts, the first with so few bits that its product with a whole number is exact. */
const STEP_HIGH = 0.005415212333900854;
const STEP_LOW = 1.4223718738313642e-11;
const PER_STEP = STEPS / Math.LN2;

/** 2 ** (i / STEPS), and by which share of it a double falls short of the true value. */
const { powers, missing } = powersOfTwo();
const octaves = Float64Array.from({ length: 1024 }, (_, octave) => 2 ** -octave);

/** What other code that raises in the same way needs; one object, as what a module exports itself is slower in its own loops. */
export const RAISING = { STEPS, LOWEST, ROUNDING, STEP_HIGH, STEP_LOW, PER_STEP, powers, missing } as const;

/**
 * Puts `e ** x` in the place of the first `count` numbers, in a fraction of the time of `Math.exp`, which is a call that the
 * compiler cannot see into. Off by at most 0.53 units in the last place where V8's is by up to one, and the C library's, which
 * libsvm uses, by 0.51. Numbers that are not from -700 to 0 are left to `Math.exp`.
 */
export function raiseNegatives(numbers: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const x = numbers[i] as number;
    if (!(x <= 0 && x > LOWEST)) {
      numbers[i] = Math.exp(x);
      continue;
    }
    // x = steps * ln 2 / STEPS + rest, and 2 ** (steps / STEPS) = 2 ** octaves * a power of the table.
    const steps = x * PER_STEP + ROUNDING - ROUNDING;
    const rest = x - steps * STEP_HIGH - steps * STEP_LOW;
    const square = rest * rest;
    const whole = steps | 0;
    const index = whole & (STEPS - 1);
    const growth = (missing[index] as number) + (rest + square * (1 / 2 + rest * (1 / 6) + square * (1 / 24 + rest * (1 / 120))));
    const power = powers[index] as number;
    numbers[i] = (power + power * growth) * (octaves[-(whole >> 7)] as number);
  }
}

function powersOfTwo(): { readonly powers: Float64Array; readonly missing: Float64Array } {
  const bits = 160n;
  const one = 1n << bits;
  let root = 2n * one;
  for (let steps = 1; steps < STEPS; steps *= 2) root = squareRoot(root * one, 2n * one);
  const powers = new Float64Array(STEPS);
  const missing = new Float64Array(STEPS);
  let exact = one;
  for (let i = 0; i < STEPS; i++) {
    const double = Number(exact >> (bits - 60n)) / 2 ** 60;
    powers[i] = double;
    missing[i] = Number(exact - (BigInt(double * 2 ** 52) << (bits - 52n))) / 2 ** Number(bits) / double;
    exact = (exact * root) >> bits;
  }
  return { powers, missing };
}

/** @param from above the root. */
function squareRoot(square: bigint, from: bigint): bigint {
  for (let guess = from; ;) {
    const next = (guess + square / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}
