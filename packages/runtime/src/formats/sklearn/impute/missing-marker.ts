import type { Matrix } from '../../../model/model';
import { parseNumber } from '../../numpy/parse-number';
import type { FittedState } from '../fitted-state';

/** What counts as missing: NaN (JSON's null), a number, or a text. */
export interface MissingMarker {
  readonly isNaN: boolean;
  readonly number?: number;
  readonly text?: string;
}

export function readMissingMarker(state: FittedState): MissingMarker {
  const value = state.value('missing_values');
  if (typeof value === 'string') return { isNaN: false, text: value };
  const number = value === null ? NaN : parseNumber(value);
  if (number === undefined) throw state.unsupported('has a marker of missing values that is neither a number nor text', 'use numpy.nan');
  return Number.isNaN(number) ? { isNaN: true } : { isNaN: false, number };
}

export function isMissingValue({ isNaN, number, text }: MissingMarker, { columns, data, texts }: Matrix, row: number, column: number): boolean {
  const cell = texts?.get(column)?.[row];
  if (text !== undefined || cell !== undefined) return cell !== undefined && cell === text;
  const value = data[row * columns + column] as number;
  return isNaN ? Number.isNaN(value) : value === number;
}
