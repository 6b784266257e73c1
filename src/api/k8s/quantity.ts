const SUFFIXES: Readonly<Record<string, bigint>> = {
  n: 1n,
  u: 10n ** 3n,
  m: 10n ** 6n,
  '': 10n ** 9n,
  k: 10n ** 12n,
  M: 10n ** 15n,
  G: 10n ** 18n,
  T: 10n ** 21n,
  P: 10n ** 24n,
  E: 10n ** 27n,
  Ki: 10n ** 9n * 2n ** 10n,
  Mi: 10n ** 9n * 2n ** 20n,
  Gi: 10n ** 9n * 2n ** 30n,
  Ti: 10n ** 9n * 2n ** 40n,
  Pi: 10n ** 9n * 2n ** 50n,
  Ei: 10n ** 9n * 2n ** 60n,
};

const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE])([+-]?\d{1,3})|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?)$/;

/**
 * A Kubernetes quantity in billionths, the finest step the API server keeps (it rounds up to it); undefined for what is
 * not a quantity. `1`, `1000m` and `1e0` are the same amount, and the server answers with its own spelling.
 */
export function quantityInNanos(value: string | number): bigint | undefined {
  const match = PATTERN.exec(String(value));
  const [, sign = '', whole = '', fraction = '', exponentMark, exponent, suffix = ''] = match ?? [];
  if (!match || whole + fraction === '') {
    return undefined;
  }
  const unit = SUFFIXES[suffix];
  if (unit === undefined) {
    return undefined;
  }
  const power = (exponentMark ? Number(exponent) : 0) - fraction.length;
  const amount = BigInt(whole + fraction) * unit;
  const scaled = power >= 0 ? amount * 10n ** BigInt(power) : divideRoundingUp(amount, 10n ** BigInt(-power));
  return sign === '-' ? -scaled : scaled;
}

/** The amount of a quantity in its base unit (cores, bytes, pieces), rounded to a double; undefined for what is none. */
export function parseQuantity(value: string | number): number | undefined {
  const nanos = quantityInNanos(value);
  return nanos === undefined ? undefined : Number(nanos) / 1e9;
}

/** Whether two spellings mean the same amount; spellings that are no quantities are compared as they are. */
export function sameQuantity(a: string | number, b: string | number): boolean {
  const left = quantityInNanos(a);
  return left === undefined ? String(a) === String(b) : left === quantityInNanos(b);
}

function divideRoundingUp(amount: bigint, divisor: bigint): bigint {
  return (amount + divisor - 1n) / divisor;
}
