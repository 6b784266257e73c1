import { IsvcError } from 'cdk8s-kserve/api';
import type { Datatype } from '../../model/model';
import type { Tensor, TensorData } from '../../model/tensor-model';
import { decodeRaw, encodeRaw, textsOrBytes } from '../../tensors/raw-tensor';
import type { MessageReader } from './message-reader';
import type { MessageWriter } from './message-writer';

/** Field of `InferTensorContents` that holds the elements of a datatype; half floats have none. */
const MEMBER: Readonly<Partial<Record<string, number>>> = {
  BOOL: 1, INT8: 2, INT16: 2, INT32: 2, INT64: 3, UINT8: 4, UINT16: 4, UINT32: 4, UINT64: 5, FP32: 6, FP64: 7, BYTES: 8,
};
const NARROW = { INT8: Int8Array, INT16: Int16Array, INT32: Int32Array, UINT8: Uint8Array, UINT16: Uint16Array, UINT32: Uint32Array } as const;

/**
 * The elements of typed contents.
 *
 * @throws IsvcError ISVC_INPUT_INVALID for a datatype that has no such contents, contents of another datatype, and integers
 * that the datatype does not hold.
 */
export function readContents(reader: MessageReader, name: string, datatype: string): TensorData {
  const wanted = MEMBER[datatype];
  if (wanted === undefined) throw new IsvcError('ISVC_INPUT_INVALID', `input '${name}' of datatype ${JSON.stringify(datatype)} can be sent as raw_input_contents only`);
  const integers: bigint[] = [];
  const parts: Buffer[] = [];
  while (reader.next()) {
    if (reader.field < 1 || reader.field > 8) continue;
    if (reader.field !== wanted) throw new IsvcError('ISVC_INPUT_INVALID', `input '${name}' of datatype ${datatype} has its contents in field ${reader.field} where field ${wanted} is expected`);
    if (wanted <= 5) reader.integers(integers);
    else parts.push(wanted === 8 ? reader.content() : reader.packedFixed(wanted === 6 ? 4 : 8));
  }
  if (wanted === 8) return textsOrBytes(parts);
  if (wanted >= 6) return decodeRaw(datatype as Datatype, parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)) ?? new Float64Array(0);
  if (wanted === 3) return BigInt64Array.from(integers);
  if (wanted === 5) return BigUint64Array.from(integers);
  if (wanted === 1) return Uint8Array.from(integers, Number);
  return narrow(integers, name, datatype as keyof typeof NARROW);
}

function narrow(integers: readonly bigint[], name: string, datatype: keyof typeof NARROW): TensorData {
  const elements = new NARROW[datatype](integers.length);
  const signed = datatype.startsWith('I');
  integers.forEach((value, i) => {
    const number = Number(BigInt[signed ? 'asIntN' : 'asUintN'](64, value));
    elements[i] = number;
    if (elements[i] !== number) throw new IsvcError('ISVC_INPUT_INVALID', `${number} is out of range for datatype ${datatype} of input '${name}'`);
  });
  return elements;
}

/** Writes a tensor's elements into its `contents`; half floats cannot be written. */
export function writeContents(contents: MessageWriter, tensor: Tensor): void {
  const { datatype, data } = tensor;
  const member = MEMBER[datatype] ?? 0;
  if (member === 8) {
    for (const element of data as readonly (string | Uint8Array)[]) contents.content(member, typeof element === 'string' ? Buffer.from(element) : element);
  } else if (member >= 6) {
    if (data.length > 0) contents.content(member, encodeRaw(tensor));
  } else {
    contents.integers(member, data as ArrayLike<number | bigint>);
  }
}
