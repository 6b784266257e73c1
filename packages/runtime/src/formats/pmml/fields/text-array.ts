import { type Element, parseNumber } from '../xml/element';

/** The entries of an Array: separated by blanks, in quotes where they hold blanks. */
export function arrayTexts(array: Element): string[] {
  const entries: string[] = [];
  const { text } = array;
  for (const match of text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)) entries.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('\\"', '"').replaceAll('\\\\', '\\'));
  const count = array.optionalNumber('n');
  if (count !== undefined && count !== entries.length) throw array.corrupt(`says it has ${count} entries and has ${entries.length}`);
  return entries;
}

/** The numbers of an Array or a sparse one. @param length of the sparse one where it does not say. */
export function arrayNumbers(array: Element, length?: number): Float64Array {
  if (array.name === 'REAL-SparseArray' || array.name === 'INT-SparseArray') return sparseNumbers(array, length);
  return Float64Array.from(arrayTexts(array), (text) => numberOf(text, array));
}

function sparseNumbers(array: Element, length: number | undefined): Float64Array {
  const size = array.optionalNumber('n') ?? length ?? 0;
  if (!Number.isInteger(size) || size < 0 || size > 10_000_000) throw array.corrupt(`has the length ${size}`);
  const values = new Float64Array(size).fill(array.number('defaultValue', 0));
  const numbersIn = (name: string): number[] => (array.child(name)?.text ?? '').split(/\s+/).filter((text) => text !== '').map((text) => numberOf(text, array));
  const indices = numbersIn('Indices');
  const entries = numbersIn(array.name === 'REAL-SparseArray' ? 'REAL-Entries' : 'INT-Entries');
  if (indices.length !== entries.length) throw array.corrupt(`has ${indices.length} indices and ${entries.length} entries`);
  indices.forEach((index, i) => {
    if (!Number.isInteger(index) || index < 1 || index > size) throw array.corrupt(`has the index ${index}; indices go from 1 to ${size}`);
    values[index - 1] = entries[i] ?? 0;
  });
  return values;
}

function numberOf(text: string, at: Element): number {
  const number = parseNumber(text);
  if (number !== undefined) return number;
  throw at.corrupt(`has "${text.slice(0, 60)}", which is no number`);
}
