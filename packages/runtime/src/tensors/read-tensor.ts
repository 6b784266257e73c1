import { IsvcError } from 'cdk8s-kserve/api';
import type { Datatype } from '../model/model';
import type { Tensor, TensorData } from '../model/tensor-model';
import { readElements, readTexts } from './read-elements';

/** Arrays by datatype; the others keep the doubles that JSON has. */
const ARRAYS: Partial<Readonly<Record<Datatype, { from(values: Float64Array): TensorData }>>> = {
  BOOL: Uint8Array, UINT8: Uint8Array, UINT16: Uint16Array, UINT32: Uint32Array, INT8: Int8Array, INT16: Int16Array, INT32: Int32Array, FP32: Float32Array,
};

/**
 * A tensor of JSON, its data flat or nested.
 *
 * @param shape -1 once at most, for the length that follows from the rest.
 * @throws IsvcError ISVC_INPUT_INVALID for values that the datatype does not hold and data that does not fill the shape.
 */
export function readTensor(name: string, datatype: string, shape: readonly number[], data: readonly unknown[]): Tensor {
  const elements = datatype === 'BYTES' ? textsOf(name, data) : numbersOf(name, datatype, data);
  return { name, datatype: datatype as Datatype, shape: wholeShape(name, shape, elements.length), data: elements };
}

/** A tensor whose elements came as bytes. @throws IsvcError ISVC_INPUT_INVALID for elements that do not fill the shape. */
export function rawTensor(name: string, datatype: string, shape: readonly number[], data: TensorData): Tensor {
  return { name, datatype: datatype as Datatype, shape: wholeShape(name, shape, data.length), data };
}

function textsOf(name: string, data: readonly unknown[]): readonly string[] {
  return readTexts(data, name).map((text) => {
    if (text !== undefined) return text;
    throw new IsvcError('ISVC_INPUT_INVALID', `input '${name}' has a null, and its datatype BYTES has none`);
  });
}

function numbersOf(name: string, datatype: string, data: readonly unknown[]): TensorData {
  const numbers = readElements(data, datatype, name);
  return ARRAYS[datatype as Datatype]?.from(numbers) ?? numbers;
}

function wholeShape(name: string, shape: readonly number[], elements: number): readonly number[] {
  const open = shape.indexOf(-1);
  const known = shape.reduce((product, length) => (length === -1 ? product : product * length), 1);
  const fits = open < 0 ? known === elements : shape.lastIndexOf(-1) === open && known > 0 && elements % known === 0;
  if (fits) return shape.map((length) => (length === -1 ? elements / known : length));
  throw new IsvcError('ISVC_INPUT_INVALID', `cannot reshape array of size ${elements} into shape (${shape.join(',')}) for input '${name}'`);
}
