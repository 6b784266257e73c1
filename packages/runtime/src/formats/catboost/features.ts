import { MAX_FEATURES } from '../boosting/bounds';
import type { DocumentPart } from '../boosting/document-part';

export interface Features {
  /** Columns of the input. */
  readonly count: number;
  readonly names?: readonly string[] | undefined;
  /** Column of each numeric feature, by the number that splits name it with. */
  readonly columns: readonly number[];
  /** Columns whose missing values are larger than every border; elsewhere they are smaller. */
  readonly missingLargest: readonly number[];
}

/** Kinds of features whose values go through hash tables, dictionaries or embeddings kept in the model. */
const OTHER_KINDS: readonly string[] = ['categorical_features', 'text_features', 'embedding_features', 'ctrs'];

/** @throws IsvcError ISVC_MODEL_UNSUPPORTED for features that are not numbers, ISVC_MODEL_CORRUPT. */
export function readFeatures(info: DocumentPart): Features {
  for (const kind of OTHER_KINDS) {
    if ((info.optional(kind)?.items().length ?? 0) > 0) {
      throw info.unsupported(`has ${kind}; only numeric features are evaluated here`, 'encode categories as numbers before fitting (for example as one column each)');
    }
  }
  const features = info.part('float_features').items();
  const columns: number[] = [];
  const names = new Map<number, string>();
  const missingLargest: number[] = [];
  for (const feature of features) {
    const index = feature.part('feature_index').integer(0, MAX_FEATURES - 1);
    const column = feature.part('flat_feature_index').integer(0, MAX_FEATURES - 1);
    if (names.has(column) || columns[index] !== undefined) throw feature.corrupt('occurs twice');
    if (index !== columns.length) throw feature.corrupt(`has the index ${index} at position ${columns.length}`);
    columns.push(column);
    names.set(column, feature.optional('feature_id')?.text() ?? '');
    if (feature.optional('nan_value_treatment')?.text() === 'AsTrue') missingLargest.push(column);
  }
  if (columns.length === 0) throw info.corrupt('has no features');
  const count = columns.reduce((largest, column) => Math.max(largest, column + 1), 0);
  const ordered = Array.from({ length: columns.length }, (_, column) => names.get(column) ?? '');
  const areNamed = count === columns.length && ordered.every((name) => name !== '') && new Set(ordered).size === count;
  return { count, columns, missingLargest, names: areNamed ? ordered : undefined };
}
