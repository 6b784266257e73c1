import { IsvcError } from 'cdk8s-kserve/api';
import type { Tensor } from '../model/tensor-model';

/**
 * A tensor of nested lists: numbers are FP64, or INT64 where all are whole; text is BYTES, true and false are BOOL.
 *
 * @param where what the rows are called in messages.
 * @throws IsvcError ISVC_INPUT_INVALID for lists of unequal lengths, mixed kinds, or elements that are objects.
 */
export function tensorOf(name: string, rows: readonly unknown[], where: string): Tensor {
  const shape: number[] = [];
  for (let level: unknown = rows; Array.isArray(level); level = level[0] as unknown) shape.push(level.length);
  const flat: unknown[] = [];
  flatten(rows, shape, 0, flat, where);
  const kind = typeof flat[0];
  if (!flat.every((value) => typeof value === kind || (kind === 'number' && value === null))) throw invalid(where, 'mix kinds of values');
  if (kind === 'string') return { name, shape, datatype: 'BYTES', data: flat as string[] };
  if (kind === 'boolean') return { name, shape, datatype: 'BOOL', data: Uint8Array.from(flat as boolean[], Number) };
  if (kind !== 'number' && flat.length > 0) throw invalid(where, `hold ${flat[0] === null ? 'null' : `a value of type ${kind}`}, which no tensor can`);
  const numbers = Float64Array.from(flat as number[], (value) => value ?? NaN);
  return { name, shape, datatype: numbers.every(Number.isSafeInteger) ? 'INT64' : 'FP64', data: numbers };
}

function flatten(value: unknown, shape: readonly number[], depth: number, flat: unknown[], where: string): void {
  if (depth === shape.length) {
    if (Array.isArray(value)) throw invalid(where, 'are nested to unequal depths');
    flat.push(value);
    return;
  }
  if (!Array.isArray(value) || value.length !== shape[depth]) throw invalid(where, 'have lists of unequal lengths');
  for (const element of value) flatten(element, shape, depth + 1, flat, where);
}

function invalid(where: string, what: string): IsvcError {
  return new IsvcError('ISVC_INPUT_INVALID', `the ${where} ${what}, so they are no tensor`, { hint: 'speak one protocol on both sides of the transformer, or convert in preprocess' });
}
