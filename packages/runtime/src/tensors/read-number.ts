import { IsvcError } from 'cdk8s-kserve/api';

/**
 * One value of a numeric table. Booleans count as 0 and 1 and `null` is a missing value (NaN), as NumPy has it.
 *
 * @param row @param column where it stands, for the message only.
 * @throws IsvcError ISVC_INPUT_INVALID for anything else.
 */
export function readNumber(value: unknown, row: number, column: number | string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === null) return Number.NaN;
  const where = typeof column === 'number' ? `column ${column}` : `column "${column}"`;
  throw new IsvcError('ISVC_INPUT_INVALID', `row ${row}, ${where} must be a number, got ${describe(value)}`);
}

/** What a JSON value is, short enough for a message whatever was sent. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  return String(value);
}
