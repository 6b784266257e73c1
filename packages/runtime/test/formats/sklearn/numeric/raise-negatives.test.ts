import { raiseNegatives } from '../../../../src/formats/sklearn/numeric/raise-negatives';

const BITS = 1400n;
const ONE = 1n << BITS;

/** A double as a whole number of units of 2 ** -BITS. */
function exactly(x: number): bigint {
  const exponent = x === 0 ? 0 : 52 - Math.floor(Math.log2(Math.abs(x)));
  return (BigInt(x * 2 ** exponent) << BITS) >> BigInt(exponent);
}

/** e ** x by its series, with x halved until that is short. */
function exactPower(x: number): bigint {
  const halvings = 10n;
  const small = exactly(x) >> halvings;
  let term = ONE;
  let sum = ONE;
  for (let n = 1n; term !== 0n; n++) sum += term = (term * small) / (n * ONE);
  for (let i = 0n; i < halvings; i++) sum = (sum * sum) >> BITS;
  return sum;
}

function raised(x: number): number {
  const numbers = Float64Array.of(x, x);
  raiseNegatives(numbers, 1);
  // What is behind the count stays as it is.
  expect(numbers[1]).toBe(x);
  return numbers[0] as number;
}

/** How far a result is from the true value, in units of its last place. */
function errorOf(x: number): number {
  const result = raised(x);
  const unit = 2 ** (Math.floor(Math.log2(result)) - 52);
  const apart = exactly(result) - exactPower(x);
  return Math.abs(Number((apart << 20n) / exactly(unit)) / 2 ** 20);
}

/** Numbers below one that repeat from run to run. */
function* fractions(): Generator<number> {
  for (let state = 12345; ;) yield (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 32;
}

describe('e to the power of numbers up to zero', () => {
  test.each([1e-3, 1, 8, 40, 600])('is within 0.53 units of the last place down to -%s', (depth) => {
    const random = fractions();
    let worst = 0;
    for (let i = 0; i < 400; i++) worst = Math.max(worst, errorOf(-depth * (random.next().value as number)));
    expect(worst).toBeLessThan(0.53);
    // Where every result is rounded, some are nearly half a unit off.
    expect(worst).toBeGreaterThan(0.4);
  });

  test('goes through what the table and its neighbours have in common', () => {
    for (let step = 1; step < 512; step++) expect(errorOf((-step * Math.LN2) / 128 + (step % 3) * 1e-12)).toBeLessThan(0.53);
  });

  test.each([0, -0, -Infinity, Number.NaN, 3, Infinity, -700, -709.5, -745, -800, 1e-300, -1e-300])('is what Math.exp says of %s', (x) => {
    expect(raised(x)).toBe(Math.exp(x));
  });
});
