import type { DocumentPart } from '../boosting/document-part';

/** The question whether the value of a column is larger than a border. @throws IsvcError for any other question. */
export function readSplit(split: DocumentPart, columns: readonly number[]): { readonly column: number; readonly border: number } {
  const type = split.optional('split_type')?.text() ?? 'FloatFeature';
  if (type !== 'FloatFeature') throw split.unsupported(`has splits of type ${JSON.stringify(type.slice(0, 40))}; only FloatFeature is evaluated here`, 'encode categories as numbers before fitting');
  const feature = split.part('float_feature_index').integer(0, columns.length - 1);
  return { column: columns[feature] as number, border: Math.fround(split.part('border').number()) };
}
