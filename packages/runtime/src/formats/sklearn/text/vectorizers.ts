import { IsvcError } from 'cdk8s-kserve/api';
import type { Matrix } from '../../../model/model';
import { parseNumber } from '../../numpy/parse-number';
import type { InputRule, Transformer } from '../estimator';
import type { FittedState } from '../fitted-state';
import { normalizeRow, normNamed } from '../preprocessing/normalizer';
import { transformerOf } from '../transformer-of';
import { type Analyzer, readAnalyzer } from './analyzer';
import { murmurHash3 } from './murmur-hash';
import { readWeighting, type Weighting } from './tfidf-transformer';

const DOCUMENTS: InputRule = { precision: 'double', allowsNaN: true, allowsText: true };

/** Most columns a vectorizer may have; HashingVectorizer's default is 2^20. */
const MAX_TERMS = 1 << 24;

/** `CountVectorizer`: how often each term of the vocabulary is in a document. */
export function buildCountVectorizer(state: FittedState): Transformer {
  return countsOf(state);
}

/** `TfidfVectorizer`: the same, weighted as by `TfidfTransformer`. */
export function buildTfidfVectorizer(state: FittedState): Transformer {
  const inner = state.memberOf(state.value('_tfidf'), '_tfidf');
  return countsOf(state, (terms) => readWeighting(inner, terms));
}

/** `HashingVectorizer`: the hash of a term is its column, and one bit of it the sign. */
export function buildHashingVectorizer(state: FittedState): Transformer {
  const analyze = readAnalyzer(state, false);
  const columns = state.integer('n_features', 1, MAX_TERMS);
  const signed = state.flag('alternate_sign');
  const binary = state.flag('binary');
  const normOf = state.has('norm') ? normNamed(state, state.text('norm') ?? '') : undefined;
  return documents(state, columns, analyze, (terms, out, start) => {
    for (const term of terms) {
      const hash = murmurHash3(Buffer.from(term, 'utf8'));
      const column = Math.abs(hash) % columns;
      const target = start + column;
      out[target] = (out[target] as number) + (signed && hash < 0 ? -1 : 1);
    }
    const row = out.subarray(start, start + columns);
    if (binary) for (const term of terms) row[Math.abs(murmurHash3(Buffer.from(term, 'utf8'))) % columns] = 1;
    if (normOf) normalizeRow(row, normOf, out, start);
  });
}

function countsOf(state: FittedState, weightingOf?: (terms: number) => Weighting): Transformer {
  const vocabulary = readVocabulary(state);
  const weigh = weightingOf?.(vocabulary.size);
  const binary = state.flag('binary');
  return documents(state, vocabulary.size, readAnalyzer(state, true), (terms, out, start) => {
    for (const term of terms) {
      const column = vocabulary.get(term);
      if (column === undefined) continue;
      const target = start + column;
      out[target] = binary ? 1 : (out[target] as number) + 1;
    }
    weigh?.(out, start);
  });
}

/** One row of `columns` numbers for each document; the rows of `out` come zeroed. */
function documents(state: FittedState, columns: number, analyze: Analyzer, count: (terms: readonly string[], out: Float64Array, start: number) => void): Transformer {
  return transformerOf(state, 1, columns, (input, out) => {
    for (let row = 0; row < input.rows; row++) count(analyze(documentOf(input, row, state.estimator)), out, row * columns);
  }, DOCUMENTS);
}

function documentOf({ texts }: Matrix, row: number, estimator: string): string {
  const text = texts?.get(0)?.[row];
  if (text === undefined) throw new IsvcError('ISVC_INPUT_INVALID', `row ${row} is not text, where ${estimator} expects a document`);
  return text;
}

/** `vocabulary_`: the column of each term, every column once. */
function readVocabulary(state: FittedState): ReadonlyMap<string, number> {
  const value = state.value('vocabulary_');
  if (!(value instanceof Map) || value.size === 0 || value.size > MAX_TERMS) throw state.corrupt('vocabulary_ is not a dict of terms');
  const vocabulary = new Map<string, number>();
  const seen = new Uint8Array(value.size);
  for (const [term, place] of value) {
    const column = parseNumber(place);
    if (typeof term !== 'string' || column === undefined || seen[column] !== 0) throw state.corrupt('vocabulary_ does not number its terms one by one');
    seen[column] = 1;
    vocabulary.set(term, column);
  }
  return vocabulary;
}
