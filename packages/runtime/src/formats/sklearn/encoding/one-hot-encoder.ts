import { parseNumber } from '../../numpy/parse-number';
import type { Transformer } from '../estimator';
import type { FittedState } from '../fitted-state';
import { transformerOf } from '../transformer-of';
import { forEachCategory, readCategories, unknownCategory } from './category-index';
import { readCodes } from './infrequent';
import { ENCODER_INPUT } from './ordinal-encoder';

/** `OneHotEncoder`: one column a category, 1 in that of the value. */
export function buildOneHotEncoder(state: FittedState): Transformer {
  const categories = readCategories(state);
  const features = state.features(categories.length);
  const columnCodes = readCodes(state, categories);
  const dropped = readDropped(state, features);
  const unknown = state.text('handle_unknown') ?? 'error';
  const firsts: number[] = [];
  let columns = 0;
  columnCodes.forEach(({ count }, feature) => {
    firsts.push(columns);
    columns += count - (dropped[feature] === undefined ? 0 : 1);
  });
  const takesRare = unknown === 'infrequent_if_exist' || unknown === 'warn';
  return transformerOf(state, features, columns, (input, out) => {
    forEachCategory(categories, input, (row, feature, place) => {
      const { codes, infrequent } = columnCodes[feature] as (typeof columnCodes)[number];
      if (place < 0 && unknown === 'error') throw unknownCategory(input, row, feature, state.estimator);
      const code = place >= 0 ? (codes[place] as number) : takesRare ? infrequent : -1;
      const drop = dropped[feature] ?? Infinity;
      if (code < 0 || code === drop) return;
      out[row * columns + (firsts[feature] as number) + (code > drop ? code - 1 : code)] = 1;
    });
  }, ENCODER_INPUT);
}

/** The code that gets no column, for each feature that has one. */
function readDropped(state: FittedState, features: number): readonly (number | undefined)[] {
  // Since 1.1 there is a second attribute that counts rare categories as one.
  const name = state.has('_drop_idx_after_grouping') ? '_drop_idx_after_grouping' : 'drop_idx_';
  if (!state.has('drop') || !state.has(name)) return [];
  const value = state.value(name);
  const items = Array.isArray(value) ? value : (state.array(name).objects ?? Array.from(state.vector(name)));
  if (items.length !== features) throw state.corrupt(`${name} has ${items.length} entries for ${features} features`);
  return items.map(parseNumber);
}
