import { PickledObject, type PickleValue } from '../../pickle/value';
import type { FittedState } from '../fitted-state';
import { readNormalization } from './normalize-text';
import { readTokenizer, SPACE } from './tokens';

/** Turns a document into the terms that are counted. */
export type Analyzer = (document: string) => string[];

const SPACES = new RegExp(`[${SPACE}]{2,}`, 'gu');
const GAP = new RegExp(`[${SPACE}]+`, 'gu');

/** Longest n-gram; a longer one no vocabulary holds. */
const MAX_N = 64;

/**
 * The analyzer of a vectorizer: words or characters, one by one or in runs.
 *
 * @param countsByVocabulary whether terms outside a vocabulary are ignored, so that stop words alone change nothing.
 * @throws IsvcError ISVC_MODEL_UNSUPPORTED for analyzers that are Python functions.
 */
export function readAnalyzer(state: FittedState, countsByVocabulary: boolean): Analyzer {
  const normalize = readNormalization(state);
  const [least, most] = readRange(state);
  switch (state.text('analyzer')) {
    case 'word': {
      if (state.has('tokenizer')) throw state.unsupported('has a tokenizer of its own', 'use token_pattern');
      const tokenize = readTokenizer(state);
      const stopWords = readStopWords(state, countsByVocabulary && most === 1);
      return (document) => {
        const tokens = tokenize(normalize(document));
        return runs(stopWords ? tokens.filter((token) => !stopWords.has(token)) : tokens, least, most, ' ');
      };
    }
    case 'char':
      return (document) => runs(Array.from(normalize(document).replace(SPACES, ' ')), least, most, '');
    case 'char_wb':
      return (document) => normalize(document).split(GAP).filter((word) => word !== '').flatMap((word) => runsInWord(word, least, most));
    default:
      throw state.unsupported('has an analyzer of its own', 'use word, char or char_wb');
  }
}

/** All runs of `least` to `most` items, shorter ones first. */
function runs(items: readonly string[], least: number, most: number, separator: string): string[] {
  if (least === 1 && most === 1) return [...items];
  const terms: string[] = [];
  for (let length = least; length <= Math.min(most, items.length); length++) {
    for (let start = 0; start + length <= items.length; start++) terms.push(items.slice(start, start + length).join(separator));
  }
  return terms;
}

/** Runs inside one word with a space on both sides; a word shorter than the run counts as it is, once. */
function runsInWord(word: string, least: number, most: number): string[] {
  const characters = Array.from(` ${word} `);
  const terms: string[] = [];
  for (let length = least; length <= most; length++) {
    const last = Math.max(0, characters.length - length);
    for (let start = 0; start <= last; start++) terms.push(characters.slice(start, start + length).join(''));
    if (last === 0) break;
  }
  return terms;
}

function readRange(state: FittedState): readonly [number, number] {
  const value = state.value('ngram_range');
  const [least, most] = Array.isArray(value) ? value : [];
  if (typeof least !== 'number' || typeof most !== 'number' || !(least >= 1 && most >= least && most <= MAX_N)) throw state.corrupt(`ngram_range must be two numbers from 1 to ${MAX_N}`);
  return [least, most];
}

function readStopWords(state: FittedState, changeNothing: boolean): ReadonlySet<PickleValue> | undefined {
  if (!state.has('stop_words') || changeNothing) return undefined;
  const value = state.value('stop_words');
  if (value instanceof Set) return value;
  if (Array.isArray(value)) return new Set(value);
  const [items] = value instanceof PickledObject && /^(frozen)?set$/.test(value.callee.name) ? value.args : [];
  if (Array.isArray(items)) return new Set(items);
  throw state.unsupported('names its stop words instead of listing them, and makes runs of words or hashes', 'fit it with stop_words=list(ENGLISH_STOP_WORDS)');
}
