import type { FittedState } from '../fitted-state';

/** Splits a document into words. */
export type Tokenizer = (document: string) => string[];

/** What Python's `\w` matches: letters and numbers of every script, and the underscore, but no combining marks. */
const WORD = '\\p{L}\\p{N}_';

/** What Python's `\s` matches. */
export const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/**
 * Patterns of one class of characters, repeated: `\w\w+`, `\w{3,}`, `[a-zA-Z]+`, `\S+`, with word boundaries around
 * it or not. A pattern of a file is taken apart into these and never compiled as it is: it could be made to take for ever.
 */
const SHAPE = /^(?:\(\?u\))?(\\b)?(\\w|\\S|\[(?:a-z|A-Z|0-9|\\w|\\d|_)+\])(?:(\2*)\+|\{(\d{1,3}),\})(\\b)?$/;

const CLASSES: Readonly<Record<string, string>> = { '\\w': `[${WORD}]`, '\\S': `[^${SPACE}]` };

/** @throws IsvcError ISVC_MODEL_UNSUPPORTED for a pattern of another form. */
export function readTokenizer(state: FittedState): Tokenizer {
  const pattern = state.text('token_pattern') ?? '';
  const match = SHAPE.exec(pattern);
  const [, before, characters, repeated = '', count, after] = match ?? [];
  if (!match || characters === undefined) {
    throw state.unsupported(`has the token pattern ${JSON.stringify(pattern.slice(0, 60))}`, 'use one class of characters, such as (?u)\\b\\w\\w+\\b or [a-zA-Z]{3,}');
  }
  const set = CLASSES[characters] ?? characters.replace('\\w', WORD).replace('\\d', '\\p{Nd}');
  const least = count === undefined ? 1 + repeated.length / characters.length : Number(count);
  const start = before === undefined ? '' : `(?<![${WORD}])`;
  const end = after === undefined ? '' : `(?![${WORD}])`;
  const compiled = new RegExp(`${start}${set}{${Math.max(1, least)},}${end}`, 'gu');
  return (document) => document.match(compiled) ?? [];
}
