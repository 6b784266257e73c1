import type { InputRule, Transformer } from '../estimator';
import type { FittedState } from '../fitted-state';
import { transformerOf } from '../transformer-of';
import { forEachCategory, readCategories, unknownCategory } from './category-index';
import { readCodes } from './infrequent';

/** Encoders look values up and leave the rest to their categories. */
export const ENCODER_INPUT: InputRule = { precision: 'double', allowsNaN: true, allowsText: true };

/** `OrdinalEncoder`: the number of each category. */
export function buildOrdinalEncoder(state: FittedState): Transformer {
  const categories = readCategories(state);
  const features = state.features(categories.length);
  const columnCodes = readCodes(state, categories);
  const unknown = state.text('handle_unknown') === 'use_encoded_value' ? state.number('unknown_value') : undefined;
  const missing = state.has('encoded_missing_value') ? state.number('encoded_missing_value') : NaN;
  return transformerOf(state, features, features, (input, out) => {
    forEachCategory(categories, input, (row, feature, place) => {
      if (place < 0 && unknown === undefined) throw unknownCategory(input, row, feature, state.estimator);
      const isMissing = place >= 0 && place === categories[feature]?.missing;
      out[row * features + feature] = place < 0 ? (unknown as number) : isMissing ? missing : (columnCodes[feature]?.codes[place] as number);
    });
  }, ENCODER_INPUT);
}
