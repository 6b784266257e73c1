import { toFloat64 } from '../../numpy/elements';
import type { FittedState } from '../fitted-state';
import type { CategoryIndex } from './category-index';

/** Codes of the categories of one column after rare ones became one. */
export interface ColumnCodes {
  readonly count: number;
  /** Code of each category. */
  readonly codes: Int32Array;
  /** Code of the rare ones, -1 where there are none. */
  readonly infrequent: number;
}

/** Categories in their own order, but with `min_frequency` or `max_categories` the rare ones of a column last and as one. */
export function readCodes(state: FittedState, categories: readonly CategoryIndex[]): readonly ColumnCodes[] {
  const mappings = state.flag('_infrequent_enabled') ? state.list('_default_to_infrequent_mappings') : [];
  return categories.map(({ count }, column) => {
    const mapping = mappings[column];
    if (mapping === undefined || mapping === null) return { count, codes: Int32Array.from({ length: count }, (_, index) => index), infrequent: -1 };
    const values = toFloat64(state.decode(mapping, '_default_to_infrequent_mappings'));
    if (!values || values.length !== count) throw state.corrupt('_default_to_infrequent_mappings does not go with categories_');
    const codes = Int32Array.from(values);
    const largest = codes.reduce((most, code) => Math.max(most, code), 0);
    if (!codes.every((code) => code >= 0 && code < count)) throw state.corrupt('_default_to_infrequent_mappings has a code out of range');
    return { count: largest + 1, codes, infrequent: largest };
  });
}
