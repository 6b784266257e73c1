import { type Element, parseNumber } from '../xml/element';

/** A value of a field; `undefined` is a missing one. */
export type Value = string | number | boolean | undefined;

/** What a value is when it is there. */
export type Present = NonNullable<Value>;

export const DATA_TYPES = ['string', 'integer', 'float', 'double', 'boolean'] as const;
export type DataType = (typeof DATA_TYPES)[number];

export const OP_TYPES = ['categorical', 'ordinal', 'continuous'] as const;
export type OpType = (typeof OP_TYPES)[number];

/** Answer of `cast` for a value that the type does not have. */
export const INVALID = Symbol('invalid');

/**
 * A value as a field of that type holds it: floats are rounded to single precision, integers are whole.
 *
 * @returns INVALID where the type has no such value.
 */
export function cast(value: Present, type: DataType): Present | typeof INVALID {
  if (type === 'string') return typeof value === 'string' ? value : String(value);
  if (type === 'boolean') return toBoolean(value);
  const number = typeof value === 'string' ? parseNumber(value) : Number(value);
  if (number === undefined) return INVALID;
  if (type === 'integer') return Number.isInteger(number) ? number : INVALID;
  return type === 'float' ? Math.fround(number) : number;
}

/** A value as that type holds it; what it cannot hold is missing. */
export function castOrMissing(value: Value, type: DataType): Value {
  if (value === undefined) return undefined;
  const known = cast(value, type);
  return known === INVALID ? undefined : known;
}

/** A value that the document itself states. @throws IsvcError ISVC_MODEL_CORRUPT where the type has no such value. */
export function literal(text: string, type: DataType, at: Element): Present {
  const value = cast(text, type);
  if (value !== INVALID) return value;
  throw at.corrupt(`has "${text.slice(0, 60)}", which is no ${type}`);
}

/** The type of the elements's attribute `dataType`. @throws IsvcError ISVC_MODEL_UNSUPPORTED for dates and times. */
export function dataTypeOf(at: Element, otherwise?: DataType): DataType {
  return at.oneOf('dataType', DATA_TYPES, otherwise);
}

function toBoolean(value: Present): boolean | typeof INVALID {
  if (typeof value === 'boolean') return value;
  const text = String(value).toLowerCase();
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : INVALID;
}
