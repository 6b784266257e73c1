import type { PickleValue } from '../pickle/value';
import type { Dtype } from './dtype';

/** An n-dimensional array as it lies in the file. Elements are read with the functions of `elements.ts`. */
export interface NdArray {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Number of elements, the product of `shape`. */
  readonly size: number;
  /** Column after column (Fortran order) instead of row after row. */
  readonly columnMajor: boolean;
  /** `size * dtype.itemsize` bytes; empty where the elements are objects. */
  readonly bytes: Buffer;
  /** The elements where they are Python objects. */
  readonly objects?: readonly PickleValue[];
}

const MAX_DIMENSIONS = 32;

/** The shape and its product; `undefined` where a value is no shape. */
export function parseShape(value: PickleValue | undefined): { readonly shape: readonly number[]; readonly size: number } | undefined {
  const dimensions = typeof value === 'number' ? [value] : value;
  if (!Array.isArray(dimensions) || dimensions.length > MAX_DIMENSIONS) return undefined;
  const shape: number[] = [];
  let size = 1;
  for (const dimension of dimensions) {
    if (typeof dimension !== 'number' || !Number.isSafeInteger(dimension) || dimension < 0) return undefined;
    shape.push(dimension);
    size *= dimension;
  }
  return Number.isSafeInteger(size) ? { shape, size } : undefined;
}
