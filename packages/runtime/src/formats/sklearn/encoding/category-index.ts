import { IsvcError } from 'cdk8s-kserve/api';
import type { Matrix } from '../../../model/model';
import { toFloat64, toStrings } from '../../numpy/elements';
import type { NdArray } from '../../numpy/nd-array';
import { parseNumber } from '../../numpy/parse-number';
import type { FittedState } from '../fitted-state';

/** The place of each category of a column; text and numbers never equal each other. */
export interface CategoryIndex {
  readonly count: number;
  /** Place of missing values, -1 where they are no category. */
  readonly missing: number;
  readonly isText: boolean;
  /** -1 for a value that is no category. */
  find(text: string | undefined, number: number): number;
}

/** `categories_`: one list for each column. */
export function readCategories(state: FittedState, name = 'categories_'): readonly CategoryIndex[] {
  const columns = state.list(name).map((value, column) => indexOf(state, state.decode(value, `${name} of column ${column}`)));
  if (columns.length === 0) throw state.corrupt(`${name} is empty`);
  return columns;
}

function indexOf(state: FittedState, array: NdArray): CategoryIndex {
  const texts = new Map<string, number>();
  const numbers = new Map<number, number>();
  let missing = -1;
  const plain: readonly unknown[] | undefined = array.objects ?? toStrings(array) ?? (toFloat64(array) as readonly unknown[] | undefined);
  if (!plain) throw state.unsupported('has categories that are neither numbers nor text', 'encode them as text');
  Array.from(plain).forEach((category, place) => {
    const number = typeof category === 'boolean' ? Number(category) : parseNumber(category as never);
    if (typeof category === 'string') texts.set(category, place);
    else if (category === null || Number.isNaN(number)) missing = missing < 0 ? place : missing;
    else if (number !== undefined) numbers.set(number, place);
    else throw state.unsupported('has categories that are neither numbers nor text', 'encode them as text');
  });
  return {
    count: plain.length,
    missing,
    isText: texts.size > 0,
    find(text, number) {
      if (text !== undefined) return texts.get(text) ?? -1;
      return Number.isNaN(number) ? missing : (numbers.get(number) ?? -1);
    },
  };
}

/** Calls `visit` with the place of each cell, row after row; -1 for unknown ones. */
export function forEachCategory(categories: readonly CategoryIndex[], { rows, columns, data, texts }: Matrix, visit: (row: number, column: number, place: number) => void): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const place = (categories[column] as CategoryIndex).find(texts?.get(column)?.[row], data[row * columns + column] as number);
      visit(row, column, place);
    }
  }
}

export function unknownCategory({ columns, data, texts }: Matrix, row: number, column: number, estimator: string): IsvcError {
  const text = texts?.get(column)?.[row];
  const value = text === undefined ? String(data[row * columns + column]) : JSON.stringify(text.slice(0, 40));
  return new IsvcError('ISVC_INPUT_INVALID', `row ${row}, column ${column} is ${value}, a category that ${estimator} was not fitted on`, {
    hint: 'send a known category, or fit the encoder with another handle_unknown',
  });
}
