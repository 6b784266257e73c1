import type { Matrix, OutputTensor } from '../../model/model';

/** The rows of a matrix in parts of at most `most` rows; numbers are shared, not copied. */
export function blocksOf({ rows, columns, data, texts }: Matrix, most: number): readonly Matrix[] {
  const blocks: Matrix[] = [];
  for (let first = 0; first < rows; first += most) {
    const end = Math.min(first + most, rows);
    const part = texts && new Map(Array.from(texts, ([column, cells]) => [column, cells.slice(first, end)] as const));
    blocks.push({ rows: end - first, columns, data: data.subarray(first * columns, end * columns), ...(part ? { texts: part } : {}) });
  }
  return blocks;
}

/** One tensor of the rows of all parts, which are alike but for their number of rows. */
export function joined(parts: readonly OutputTensor[]): OutputTensor {
  const [first] = parts as [OutputTensor, ...OutputTensor[]];
  const shape = [parts.reduce((rows, part) => rows + (part.shape[0] ?? 0), 0), ...first.shape.slice(1)];
  return { ...first, shape, data: joinedData(parts.map((part) => part.data)) };
}

function joinedData(parts: readonly OutputTensor['data'][]): OutputTensor['data'] {
  const [first] = parts as [OutputTensor['data'], ...OutputTensor['data'][]];
  if (Array.isArray(first)) return parts.flatMap((part) => part as readonly string[]);
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const Typed = first.constructor as new (size: number) => Float64Array;
  const whole = new Typed(size);
  let next = 0;
  for (const part of parts) {
    whole.set(part as Float64Array, next);
    next += part.length;
  }
  return whole;
}
