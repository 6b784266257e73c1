import type { OutputTensor } from '../model/model';

type ElementWriter = (data: OutputTensor['data'], index: number) => string;

/**
 * The elements of a tensor as a flat JSON array, with numbers spelt as KServe spells them: a whole float is `1.0`, never
 * `1`, so that typed clients see a float; NaN and infinities are `null`; integers of 64 bits keep every digit.
 */
export function writeFlat(tensor: OutputTensor): string {
  return writeRun(tensor.data, elementWriter(tensor), 0, tensor.data.length);
}

/** The elements of a tensor as JSON arrays nested after its shape; a scalar (`[]`) is the bare element. */
export function writeNested(tensor: OutputTensor): string {
  const write = elementWriter(tensor);
  const { data, shape } = tensor;
  if (shape.length === 1) return writeRun(data, write, 0, data.length);
  let next = 0;
  const writeAxis = (axis: number): string => {
    if (axis === shape.length) return write(data, next++);
    const length = shape[axis] ?? 0;
    if (axis === shape.length - 1) {
      next += length;
      return writeRun(data, write, next - length, next);
    }
    let text = '[';
    for (let i = 0; i < length; i++) text += i === 0 ? writeAxis(axis + 1) : `,${writeAxis(axis + 1)}`;
    return text + ']';
  };
  return writeAxis(0);
}

function writeRun(data: OutputTensor['data'], write: ElementWriter, from: number, to: number): string {
  if (from === to) return '[]';
  let text = '[' + write(data, from);
  for (let i = from + 1; i < to; i++) text += ',' + write(data, i);
  return text + ']';
}

function elementWriter({ datatype }: OutputTensor): ElementWriter {
  switch (datatype) {
    case 'FP16':
    case 'FP32':
    case 'FP64':
      return writeFloat;
    case 'BOOL':
      return (data, i) => (data[i] ? 'true' : 'false');
    case 'BYTES':
      return (data, i) => JSON.stringify(data[i]);
    default:
      return (data, i) => String(data[i]);
  }
}

function writeFloat(data: OutputTensor['data'], i: number): string {
  const value = data[i] as number;
  if (!Number.isInteger(value)) return Number.isFinite(value) ? String(value) : 'null';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const text = String(value);
  // From 1e21 on JavaScript writes an exponent, which already makes it a float.
  return text.includes('e') ? text : text + '.0';
}
