import { IsvcError } from 'cdk8s-kserve/api';
import { describe } from './read-number';

/** Far more axes than any tensor has; it bounds the recursion over what a client sends. */
const MAX_DEPTH = 32;

/** Smallest and largest value of the integer datatypes. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  INT8: [-128, 127],
  INT16: [-32768, 32767],
  INT32: [-2147483648, 2147483647],
  INT64: [-9223372036854775808, 9223372036854775807],
  UINT8: [0, 255],
  UINT16: [0, 65535],
  UINT32: [0, 4294967295],
  UINT64: [0, 18446744073709551615],
};

type Convert = (value: unknown) => number | undefined;

/**
 * The elements of a JSON tensor, flat or nested, as the numbers its datatype makes of them: FP32 rounds to single
 * precision, integers drop their fraction, BOOL is 0 or 1, numeric text counts as a number, `null` as NaN.
 *
 * @param name of the tensor, for messages.
 * @throws IsvcError ISVC_INPUT_INVALID for a datatype that holds no numbers, a value that does not fit it, ragged nesting.
 */
export function readElements(data: readonly unknown[], datatype: string, name: string): Float64Array {
  const convert = converterOf(datatype, name);
  const plain = datatype === 'FP64' ? plainNumbers(data) : undefined;
  if (plain) return plain;
  const elements = new Float64Array(countElements(data, name, 0));
  fill(elements, 0, data, convert, datatype, name);
  return elements;
}

/** A flat list of numbers and nothing else, as nearly every request has it: read in a third of the time. */
function plainNumbers(data: readonly unknown[]): Float64Array | undefined {
  const elements = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (typeof value !== 'number') return undefined;
    elements[i] = value;
  }
  return elements;
}

/**
 * The elements of a BYTES tensor, flat or nested; `null` is a missing value.
 *
 * @throws IsvcError ISVC_INPUT_INVALID for an element that is no text, and for ragged nesting.
 */
export function readTexts(data: readonly unknown[], name: string): readonly (string | undefined)[] {
  countElements(data, name, 0);
  return data.flat(MAX_DEPTH).map((value, index) => {
    if (typeof value === 'string') return value;
    if (value === null) return undefined;
    throw new IsvcError('ISVC_INPUT_INVALID', `element ${index} of input '${name}' is not a valid BYTES: ${describe(value)}`);
  });
}

function countElements(data: readonly unknown[], name: string, depth: number): number {
  const first = data[0];
  if (!Array.isArray(first)) {
    if (data.some(Array.isArray)) throw ragged(name);
    return data.length;
  }
  if (depth === MAX_DEPTH) throw new IsvcError('ISVC_INPUT_INVALID', `the data of input '${name}' is nested more than ${MAX_DEPTH} levels deep`);
  let count = 0;
  let inner = -1;
  for (const part of data) {
    if (!Array.isArray(part) || part.length !== first.length) throw ragged(name);
    const counted = countElements(part, name, depth + 1);
    if (inner >= 0 && counted !== inner) throw ragged(name);
    inner = counted;
    count += counted;
  }
  return count;
}

function fill(elements: Float64Array, start: number, data: readonly unknown[], convert: Convert, datatype: string, name: string): number {
  let next = start;
  for (const value of data) {
    if (Array.isArray(value)) {
      next = fill(elements, next, value, convert, datatype, name);
      continue;
    }
    const number = convert(value);
    if (number === undefined) {
      throw new IsvcError('ISVC_INPUT_INVALID', `element ${next} of input '${name}' is not a valid ${datatype}: ${describe(value)}`);
    }
    elements[next++] = number;
  }
  return next;
}

function converterOf(datatype: string, name: string): Convert {
  if (datatype === 'FP64') return toNumber;
  if (datatype === 'FP32') return toSingle;
  if (datatype === 'BOOL') return toBool;
  if (datatype === 'FP16') {
    throw new IsvcError('ISVC_INPUT_INVALID', `Sending FP16 data via JSON is not supported. Please use the binary data format for input ${name}`);
  }
  if (datatype === 'BYTES') throw new IsvcError('ISVC_INPUT_INVALID', `input '${name}' has datatype BYTES, but the model takes numbers; send FP32, FP64 or an integer type`);
  const range = Object.hasOwn(RANGES, datatype) ? RANGES[datatype] : undefined;
  if (!range) throw new IsvcError('ISVC_INPUT_INVALID', `invalid datatype ${describe(datatype)} in input '${name}'; allowed are BOOL, ${Object.keys(RANGES).join(', ')}, FP32, FP64`);
  const [min, max] = range;
  return (value) => {
    const number = Math.trunc(toNumber(value) ?? Number.NaN);
    return number >= min && number <= max ? number : undefined;
  };
}

function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === null) return Number.NaN;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

function toSingle(value: unknown): number | undefined {
  const number = toNumber(value);
  return number === undefined ? undefined : Math.fround(number);
}

function toBool(value: unknown): number | undefined {
  return typeof value === 'object' ? undefined : Number(Boolean(value));
}

function ragged(name: string): IsvcError {
  return new IsvcError('ISVC_INPUT_INVALID', `the data of input '${name}' is ragged; all rows must have the same length`);
}
