import type { DataType, Present, Value } from '../fields/value';
import { erf, normalCdf, normalPdf } from './normal-distribution';

/** A function of PMML's library. */
export interface BuiltinFunction {
  readonly least: number;
  readonly most: number;
  /** Whether it is called with missing arguments; otherwise one makes the result missing. @default false */
  readonly takesMissing?: boolean;
  /** @default - that of the first argument */
  readonly dataType?: DataType;
  /** @returns undefined where the arguments have no result. */
  readonly call: (values: readonly Value[]) => Value;
}

/** Every function that is read, by name. Those with regular expressions of the document are not: they could run without end. */
export const BUILTIN_FUNCTIONS: Readonly<Record<string, BuiltinFunction>> = {
  '+': binary((a, b) => a + b),
  '-': binary((a, b) => a - b),
  '*': binary((a, b) => a * b),
  '/': binary((a, b) => (b === 0 ? undefined : a / b)),
  modulo: binary((a, b) => (b === 0 ? undefined : a - Math.floor(a / b) * b)),
  pow: binary((a, b) => a ** b),
  hypot: binary(Math.hypot),
  atan2: binary(Math.atan2),
  threshold: binary((a, b) => (a > b ? 1 : 0)),
  ...unary({
    abs: Math.abs, exp: Math.exp, expm1: Math.expm1, ln: Math.log, ln1p: Math.log1p, log10: Math.log10, sqrt: Math.sqrt, erf,
    sin: Math.sin, cos: Math.cos, tan: Math.tan, asin: Math.asin, acos: Math.acos, atan: Math.atan, sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh,
    stdNormalCDF: (x) => normalCdf(x, 0, 1), stdNormalPDF: (x) => normalPdf(x, 0, 1),
  }, 'double'),
  ...unary({ floor: Math.floor, ceil: Math.ceil, round: (x) => Math.floor(x + 0.5), rint: roundHalfEven }, 'integer'),
  'x-sign': { least: 1, most: 1, call: ([x]) => (typeof x === 'number' ? Math.sign(x) : undefined) },
  normalCDF: { least: 3, most: 3, dataType: 'double', call: (values) => ofNumbers(values, ([x = 0, mean = 0, deviation = 1]) => normalCdf(x, mean, deviation)) },
  normalPDF: { least: 3, most: 3, dataType: 'double', call: (values) => ofNumbers(values, ([x = 0, mean = 0, deviation = 1]) => normalPdf(x, mean, deviation)) },
  // Missing values do not count.
  min: ofMany((numbers) => numbers.reduce((a, b) => Math.min(a, b))),
  max: ofMany((numbers) => numbers.reduce((a, b) => Math.max(a, b))),
  sum: ofMany((numbers) => numbers.reduce((a, b) => a + b)),
  product: ofMany((numbers) => numbers.reduce((a, b) => a * b)),
  avg: { ...ofMany((numbers) => numbers.reduce((a, b) => a + b) / numbers.length), dataType: 'double' },
  median: { ...ofMany(median), dataType: 'double' },
  isMissing: { ...test(1, ([value]) => value === undefined), takesMissing: true },
  isNotMissing: { ...test(1, ([value]) => value !== undefined), takesMissing: true },
  // An invalid value never gets as far as an expression.
  isValid: { ...test(1, ([value]) => value !== undefined), takesMissing: true },
  isNotValid: { ...test(1, ([value]) => value === undefined), takesMissing: true },
  equal: test(2, ([a, b]) => same(a, b)),
  notEqual: test(2, ([a, b]) => !same(a, b)),
  lessThan: test(2, ([a, b]) => (a as Present) < (b as Present)),
  lessOrEqual: test(2, ([a, b]) => (a as Present) <= (b as Present)),
  greaterThan: test(2, ([a, b]) => (a as Present) > (b as Present)),
  greaterOrEqual: test(2, ([a, b]) => (a as Present) >= (b as Present)),
  // A missing value is in no list.
  isIn: { least: 2, most: Infinity, dataType: 'boolean', takesMissing: true, call: ([value, ...list]) => list.some((one) => same(value, one)) },
  isNotIn: { least: 2, most: Infinity, dataType: 'boolean', takesMissing: true, call: ([value, ...list]) => !list.some((one) => same(value, one)) },
  not: test(1, ([value]) => value === false),
  and: { least: 2, most: Infinity, dataType: 'boolean', takesMissing: true, call: (values) => logic(values, false) },
  or: { least: 2, most: Infinity, dataType: 'boolean', takesMissing: true, call: (values) => logic(values, true) },
  uppercase: textual(1, 1, ([text = '']) => text.toUpperCase()),
  lowercase: textual(1, 1, ([text = '']) => text.toLowerCase()),
  trimBlanks: textual(1, 1, ([text = '']) => text.trim()),
  // A missing value adds nothing.
  concat: { least: 1, most: Infinity, dataType: 'string', takesMissing: true, call: (values) => values.map((value) => value ?? '').join('') },
  substring: textual(3, 3, ([text = '', start, length]) => text.slice(Number(start) - 1, Number(start) - 1 + Number(length))),
  stringLength: { least: 1, most: 1, dataType: 'integer', call: ([text]) => String(text).length },
};

function binary(compute: (a: number, b: number) => number | undefined): BuiltinFunction {
  return { least: 2, most: 2, call: (values) => ofNumbers(values, ([a = 0, b = 0]) => compute(a, b)) };
}

function unary(functions: Readonly<Record<string, (x: number) => number>>, dataType: DataType): Record<string, BuiltinFunction> {
  return Object.fromEntries(Object.entries(functions).map(([name, compute]) => [name, { least: 1, most: 1, dataType, call: (values) => ofNumbers(values, ([x = 0]) => compute(x)) }]));
}

function ofMany(compute: (numbers: readonly number[]) => number): BuiltinFunction {
  return {
    least: 1, most: Infinity, takesMissing: true,
    call: (values) => {
      const present = values.filter((value) => value !== undefined);
      return present.length === 0 ? undefined : ofNumbers(present, compute);
    },
  };
}

function test(count: number, holds: (values: readonly Value[]) => boolean): BuiltinFunction {
  return { least: count, most: count, dataType: 'boolean', call: holds };
}

function textual(least: number, most: number, compute: (texts: readonly string[]) => string): BuiltinFunction {
  return { least, most, dataType: 'string', call: (values) => compute(values.map(String)) };
}

/** Text has no arithmetic: its result is missing, as is one that is no number. */
function ofNumbers(values: readonly Value[], compute: (numbers: readonly number[]) => number | undefined): number | undefined {
  const numbers = values.map((value) => (typeof value === 'string' ? Number.NaN : Number(value)));
  if (numbers.some(Number.isNaN)) return undefined;
  const result = compute(numbers);
  return result === undefined || Number.isNaN(result) ? undefined : result;
}

/** Numbers and their texts are the same, as constants are often written without a type. */
function same(a: Value, b: Value): boolean {
  return a === b || (typeof a !== typeof b && String(a) === String(b));
}

/** `and` and `or` of three values: one decisive value decides, otherwise a missing one makes the answer missing. */
function logic(values: readonly Value[], decisive: boolean): boolean | undefined {
  if (values.includes(decisive)) return decisive;
  return values.includes(undefined) ? undefined : !decisive;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
