import type { Datatype } from '../../model/model';

/** ONNX's element types that a request can carry: its number, ours, and the name ONNX Runtime's JavaScript gives it. */
const ELEMENT_TYPES = [
  { onnx: 1, datatype: 'FP32', ort: 'float32', bytes: 4 },
  { onnx: 2, datatype: 'UINT8', ort: 'uint8', bytes: 1 },
  { onnx: 3, datatype: 'INT8', ort: 'int8', bytes: 1 },
  { onnx: 4, datatype: 'UINT16', ort: 'uint16', bytes: 2 },
  { onnx: 5, datatype: 'INT16', ort: 'int16', bytes: 2 },
  { onnx: 6, datatype: 'INT32', ort: 'int32', bytes: 4 },
  { onnx: 7, datatype: 'INT64', ort: 'int64', bytes: 8 },
  { onnx: 8, datatype: 'BYTES', ort: 'string', bytes: 0 },
  { onnx: 9, datatype: 'BOOL', ort: 'bool', bytes: 1 },
  { onnx: 10, datatype: 'FP16', ort: 'float16', bytes: 2 },
  { onnx: 11, datatype: 'FP64', ort: 'float64', bytes: 8 },
  { onnx: 12, datatype: 'UINT32', ort: 'uint32', bytes: 4 },
  { onnx: 13, datatype: 'UINT64', ort: 'uint64', bytes: 8 },
] as const satisfies readonly { readonly onnx: number; readonly datatype: Datatype; readonly ort: string; readonly bytes: number }[];

/** Names of the others, for messages. */
const OTHERS: Readonly<Record<number, string>> = { 14: 'complex64', 15: 'complex128', 16: 'bfloat16', 21: 'uint4', 22: 'int4' };

/** What ONNX Runtime's JavaScript calls an element type. */
export type OrtType = (typeof ELEMENT_TYPES)[number]['ort'];

export function datatypeOfOnnx(type: number): Datatype | undefined {
  return ELEMENT_TYPES.find(({ onnx }) => onnx === type)?.datatype;
}

export function elementTypeName(type: number): string {
  return ELEMENT_TYPES.find(({ onnx }) => onnx === type)?.ort ?? OTHERS[type] ?? `element type ${type}`;
}

/** @returns bytes of one element; undefined for text and for types of another width than whole bytes. */
export function elementBytes(type: number): number | undefined {
  const width = ELEMENT_TYPES.find(({ onnx }) => onnx === type)?.bytes;
  return width === 0 ? undefined : width;
}

export function ortTypeOf(datatype: Datatype): OrtType {
  const found = ELEMENT_TYPES.find((type) => type.datatype === datatype);
  if (!found) throw new Error(`no ONNX type for ${datatype}`);
  return found.ort;
}

export function datatypeOfOrt(type: string): Datatype | undefined {
  return ELEMENT_TYPES.find(({ ort }) => ort === type)?.datatype;
}
