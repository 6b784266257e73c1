import { toFloat64 } from '../../numpy/elements';
import type { Transformer } from '../estimator';
import type { FittedState } from '../fitted-state';
import { transformerOf } from '../transformer-of';
import { forEachCategory, readCategories } from './category-index';
import { ENCODER_INPUT } from './ordinal-encoder';

/** `TargetEncoder`: the mean target of each category, one column for each class of more than two; unknown ones get the mean of all. */
export function buildTargetEncoder(state: FittedState): Transformer {
  const categories = readCategories(state);
  const features = state.features(categories.length);
  const encodings = state.list('encodings_').map((value) => {
    const values = toFloat64(state.decode(value, 'encodings_'));
    if (!values) throw state.corrupt('encodings_ does not hold numbers');
    return values;
  });
  const means = state.tensor('target_mean_').values;
  const classes = means.length;
  if (encodings.length !== features * classes || !encodings.every((values, index) => values.length === categories[Math.floor(index / classes)]?.count)) {
    throw state.corrupt('encodings_ does not go with categories_');
  }
  const columns = encodings.length;
  return transformerOf(state, features, columns, (input, out) => {
    forEachCategory(categories, input, (row, feature, place) => {
      for (let index = 0; index < classes; index++) {
        const column = feature * classes + index;
        out[row * columns + column] = place < 0 ? (means[index] as number) : (encodings[column]?.[place] as number);
      }
    });
  }, ENCODER_INPUT);
}
