import { IsvcError } from 'cdk8s-kserve/api';
import type { Datatype } from '../../model/model';
import type { Tensor, TensorData } from '../../model/tensor-model';
import { halfBits, halfValue } from '../../tensors/half';
import type { OrtData } from './onnx-runtime';

interface IntegerKind {
  readonly make: (length: number) => Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array | BigInt64Array | BigUint64Array;
  readonly least: bigint;
  readonly most: bigint;
}

const INTEGERS: Partial<Readonly<Record<Datatype, IntegerKind>>> = {
  BOOL: { make: (n) => new Uint8Array(n), least: 0n, most: 1n },
  INT8: { make: (n) => new Int8Array(n), least: -128n, most: 127n },
  INT16: { make: (n) => new Int16Array(n), least: -32768n, most: 32767n },
  INT32: { make: (n) => new Int32Array(n), least: -(2n ** 31n), most: 2n ** 31n - 1n },
  INT64: { make: (n) => new BigInt64Array(n), least: -(2n ** 63n), most: 2n ** 63n - 1n },
  UINT8: { make: (n) => new Uint8Array(n), least: 0n, most: 255n },
  UINT16: { make: (n) => new Uint16Array(n), least: 0n, most: 65535n },
  UINT32: { make: (n) => new Uint32Array(n), least: 0n, most: 2n ** 32n - 1n },
  UINT64: { make: (n) => new BigUint64Array(n), least: 0n, most: 2n ** 64n - 1n },
};

const FLOATS: Partial<Readonly<Record<Datatype, (length: number) => Float32Array | Float64Array>>> = {
  FP32: (n) => new Float32Array(n),
  FP64: (n) => new Float64Array(n),
};

/**
 * The elements of a tensor in the type that a graph's input has. Numbers become any other number type that holds them:
 * floats are rounded, integers must be whole and in range.
 *
 * @throws IsvcError ISVC_INPUT_INVALID for text where numbers are wanted or the other way round, and for a value that
 * does not fit.
 */
export function castElements(tensor: Tensor, datatype: Datatype): OrtData {
  const { data } = tensor;
  if (datatype === 'BYTES') return textsOf(tensor);
  if (tensor.datatype === 'BYTES' || isList(data)) throw wrongType(tensor, datatype);
  if (tensor.datatype === datatype && (datatype !== 'INT64' && datatype !== 'UINT64' || !(data instanceof Float64Array))) return data;
  const half = tensor.datatype === 'FP16' && data instanceof Uint16Array;
  const integers = INTEGERS[datatype];
  if (integers) return castIntegers(tensor, data, half, integers, datatype);
  const numberAt = (i: number): number => (half ? halfValue(data[i] as number) : Number(data[i]));
  if (datatype === 'FP16') return Uint16Array.from({ length: data.length }, (_, i) => halfBits(numberAt(i)));
  const target = (FLOATS[datatype] as (length: number) => Float32Array)(data.length);
  for (let i = 0; i < data.length; i++) target[i] = numberAt(i);
  return target;
}

type Numbers = Exclude<TensorData, readonly string[] | readonly Uint8Array[]>;

function castIntegers(tensor: Tensor, data: Numbers, half: boolean, { make, least, most }: IntegerKind, datatype: Datatype): OrtData {
  const target = make(data.length);
  const large = target instanceof BigInt64Array || target instanceof BigUint64Array;
  for (let i = 0; i < data.length; i++) {
    const element = half ? halfValue(data[i] as number) : (data[i] as number | bigint);
    if (typeof element === 'number' && !Number.isInteger(element)) throw doesNotFit(tensor, element, datatype);
    const whole = BigInt(element);
    if (whole < least || whole > most) throw doesNotFit(tensor, element, datatype);
    if (large) target[i] = whole;
    else target[i] = Number(whole);
  }
  return target;
}

function textsOf(tensor: Tensor): readonly string[] {
  const { data } = tensor;
  if (tensor.datatype !== 'BYTES' || !isList(data)) throw wrongType(tensor, 'BYTES');
  return data.map((element) => {
    if (typeof element === 'string') return element;
    throw new IsvcError('ISVC_INPUT_INVALID', `input '${tensor.name}' has an element that is not UTF-8, and the model takes text`);
  });
}

function isList(data: TensorData): data is readonly string[] | readonly Uint8Array[] {
  return Array.isArray(data);
}

function wrongType(tensor: Tensor, datatype: Datatype): IsvcError {
  return new IsvcError('ISVC_INPUT_INVALID', `input '${tensor.name}' has datatype ${tensor.datatype}, the model takes ${datatype}`);
}

function doesNotFit(tensor: Tensor, value: number | bigint, datatype: Datatype): IsvcError {
  return new IsvcError('ISVC_INPUT_INVALID', `input '${tensor.name}' has the value ${value}, which is no ${datatype}`);
}
