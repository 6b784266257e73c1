import type { Tensor } from '../model/tensor-model';

/** The elements of a tensor as lists nested by its shape, with the numbers JSON has: BOOL is true or false, 64 bits are numbers. */
export function nestedRows({ datatype, shape, data }: Tensor): readonly unknown[] {
  const flat = Array.from(data as ArrayLike<unknown>, (value) => {
    if (datatype === 'BOOL') return value === 1;
    if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
    return typeof value === 'bigint' ? Number(value) : value;
  });
  return nest(flat, shape);
}

function nest(flat: readonly unknown[], shape: readonly number[]): readonly unknown[] {
  const [rows = flat.length, ...inner] = shape;
  if (inner.length === 0) return flat;
  const step = inner.reduce((product, side) => product * side, 1);
  return Array.from({ length: rows }, (_, i) => nest(flat.slice(i * step, (i + 1) * step), inner));
}
