import type { Matrix } from '../../model/model';

type Texts = NonNullable<Matrix['texts']>;

/** The named columns, in the order of `indices`, text included. */
export function selectColumns({ rows, columns, data, texts }: Matrix, indices: ArrayLike<number>): Matrix {
  const count = indices.length;
  const selected = new Float64Array(rows * count);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < count; column++) selected[row * count + column] = data[row * columns + (indices[column] as number)] as number;
  }
  const kept = new Map<number, Texts extends ReadonlyMap<number, infer C> ? C : never>();
  for (let column = 0; texts && column < count; column++) {
    const cells = texts.get(indices[column] as number);
    if (cells) kept.set(column, cells);
  }
  return { rows, columns: count, data: selected, ...(kept.size > 0 ? { texts: kept } : {}) };
}

/** Matrices of the same rows, side by side. */
export function besideEachOther(parts: readonly Matrix[], rows: number): Matrix {
  const columns = parts.reduce((sum, part) => sum + part.columns, 0);
  const data = new Float64Array(rows * columns);
  const texts = new Map<number, readonly (string | undefined)[]>();
  let first = 0;
  for (const part of parts) {
    for (let row = 0; row < rows; row++) data.set(part.data.subarray(row * part.columns, (row + 1) * part.columns), row * columns + first);
    for (const [column, cells] of part.texts ?? []) texts.set(first + column, cells);
    first += part.columns;
  }
  return { rows, columns, data, ...(texts.size > 0 ? { texts } : {}) };
}
