import type { FittedState } from '../fitted-state';

/** Has the highest combining class of all, behind which every other mark is sorted to the front. */
const LAST_MARK = '\u0345';

/**
 * What a vectorizer does to a document before it is split: small letters, and no accents where it was asked for.
 *
 * @throws IsvcError ISVC_MODEL_UNSUPPORTED for functions of the user's own.
 */
export function readNormalization(state: FittedState): (document: string) => string {
  if (state.has('preprocessor')) throw state.unsupported('has a preprocessor of its own', 'do that step before sending the text');
  const lower = state.flag('lowercase');
  const accents = state.has('strip_accents') ? state.text('strip_accents') : 'keep';
  if (accents !== 'keep' && accents !== 'ascii' && accents !== 'unicode') throw state.unsupported('strips accents by a function of its own', 'use ascii or unicode');
  return (document) => {
    const text = lower ? document.toLowerCase() : document;
    if (accents === 'keep') return text;
    const decomposed = text.normalize('NFKD');
    return accents === 'ascii' ? decomposed.replace(/[^\0-\x7f]/g, '') : decomposed.replace(/\p{M}/gu, (mark) => (isCombining(mark) ? '' : mark));
  };
}

/** Python's `unicodedata.combining`: whether a mark moves when the text is brought into canonical order. */
function isCombining(mark: string): boolean {
  const text = `a${LAST_MARK}${mark}`;
  return mark === LAST_MARK || text.normalize('NFD') !== text;
}
