import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Datatype } from '../../src/model/model';
import type { Tensor, TensorData } from '../../src/model/tensor-model';
import { halfBits, halfValue } from '../../src/tensors/half';

/** Files that scripts/fixtures/onnx_models.py has written. */
export const ONNX_FIXTURES = join(__dirname, '../fixtures/onnx');

export interface RecordedTensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  /** Integers beyond 2^53, infinities and NaN are text. */
  readonly data: readonly (number | string | boolean)[];
  /** Of a list of maps: its keys. */
  readonly classes?: readonly (string | number)[];
}

export interface RecordedAnswers {
  readonly inputs: readonly RecordedTensor[];
  readonly outputs: readonly RecordedTensor[];
  readonly sklearn?: readonly RecordedTensor[];
}

export function onnxNames(): readonly string[] {
  return readdirSync(ONNX_FIXTURES).filter((name) => name.endsWith('.expected.json')).map((name) => name.slice(0, -'.expected.json'.length));
}

export function onnxBytes(name: string): Buffer {
  return readFileSync(join(ONNX_FIXTURES, `${name}.onnx`));
}

export function onnxAnswers(name: string): RecordedAnswers {
  return JSON.parse(readFileSync(join(ONNX_FIXTURES, `${name}.expected.json`), 'utf8')) as RecordedAnswers;
}

const ARRAYS = {
  BOOL: Uint8Array, INT8: Int8Array, INT16: Int16Array, INT32: Int32Array, UINT8: Uint8Array, UINT16: Uint16Array, UINT32: Uint32Array,
  FP32: Float32Array, FP64: Float64Array,
} as const;

/** A recorded tensor as the contract of models has it. */
export function tensorOf({ name, datatype, shape, data }: RecordedTensor): Tensor {
  return { name, datatype, shape, data: dataOf(datatype, data) };
}

function dataOf(datatype: Datatype, data: RecordedTensor['data']): TensorData {
  if (datatype === 'BYTES') return data.map(String);
  if (datatype === 'INT64') return BigInt64Array.from(data, (value) => BigInt(value));
  if (datatype === 'UINT64') return BigUint64Array.from(data, (value) => BigInt(value));
  if (datatype === 'FP16') return Uint16Array.from(data, (value) => halfBits(Number(value)));
  const array = new ARRAYS[datatype](data.length);
  data.forEach((value, i) => (array[i] = Number(value)));
  return array;
}

/** The largest relative difference between numbers, Infinity where anything else differs. */
export function differenceOf(tensor: Tensor, recorded: RecordedTensor): number {
  if (tensor.datatype !== recorded.datatype || tensor.shape.join() !== recorded.shape.join() || tensor.data.length !== recorded.data.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < recorded.data.length; i++) {
    const [got, expected] = [tensor.data[i] as number | bigint | string, recorded.data[i] as number | string | boolean];
    if (tensor.datatype === 'BYTES') largest = Math.max(largest, got === expected ? 0 : Infinity);
    else if (typeof got === 'bigint') largest = Math.max(largest, got === BigInt(expected) ? 0 : Infinity);
    else {
      const value = tensor.datatype === 'FP16' ? halfValue(got as number) : (got as number);
      const wanted = Number(expected);
      const same = Object.is(value, wanted) || value === wanted;
      largest = Math.max(largest, same ? 0 : Math.abs(value - wanted) / Math.max(Math.abs(wanted), 1e-6));
    }
    if (Number.isNaN(largest)) return Infinity;
  }
  return largest;
}
