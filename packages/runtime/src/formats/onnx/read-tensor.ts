import { type WireField, corruptWire, messageFields, signedListOf, signedOf, textOf } from '../protobuf/wire';
import { elementBytes } from './element-types';
import type { ExternalTensor } from './graph';

/**
 * Reads the head of a TensorProto: its name, and where its bytes are when they are not in the file.
 *
 * @throws IsvcError ISVC_MODEL_CORRUPT where its shape and its bytes contradict each other.
 */
export function readTensorHead(bytes: Buffer, field: WireField, file: string): { readonly name: string; readonly external?: ExternalTensor } {
  let name = '';
  let elementType = 0;
  let elements = 1n;
  let raw: number | undefined;
  let isExternal = false;
  const entries = new Map<string, string>();
  for (const part of messageFields(bytes, field, file)) {
    if (part.number === 1) {
      for (const length of signedListOf(bytes, part, file)) {
        if (length < 0n) throw corruptWire(file, part.at, `a tensor has a dimension of ${length}`);
        elements *= length;
        if (elements > BigInt(Number.MAX_SAFE_INTEGER)) throw corruptWire(file, part.at, 'a tensor has more elements than memory can hold');
      }
    } else if (part.number === 2) elementType = Number(signedOf(bytes, part, file));
    else if (part.number === 8) name = textOf(bytes, part, file);
    else if (part.number === 9) raw = part.end - part.start;
    else if (part.number === 13) {
      const [key, value] = readEntry(bytes, part, file);
      // A second location would be the one that is used or not, depending on the reader.
      if (entries.has(key)) throw corruptWire(file, part.at, `external data of tensor "${name}" gives ${key} twice`);
      entries.set(key, value);
      isExternal = true;
    } else if (part.number === 14 && signedOf(bytes, part, file) === 1n) isExternal = true;
  }
  const width = elementBytes(elementType);
  if (isExternal) return { name, external: externalOf(name, entries, width === undefined ? undefined : elements * BigInt(width), file, field.at) };
  if (raw !== undefined && width !== undefined && elements * BigInt(width) !== BigInt(raw)) {
    throw corruptWire(file, field.at, `tensor "${name}" has ${raw} bytes, its shape needs ${elements * BigInt(width)}`);
  }
  return { name };
}

export function readEntry(bytes: Buffer, field: WireField, file: string): [string, string] {
  let key = '';
  let value = '';
  for (const part of messageFields(bytes, field, file)) {
    if (part.number === 1) key = textOf(bytes, part, file);
    if (part.number === 2) value = textOf(bytes, part, file);
  }
  return [key, value];
}

function externalOf(tensor: string, entries: ReadonlyMap<string, string>, needed: bigint | undefined, file: string, at: number): ExternalTensor {
  const number = (key: string): number | undefined => {
    const text = entries.get(key);
    if (text === undefined || text === '') return undefined;
    if (!/^\d{1,15}$/.test(text)) throw corruptWire(file, at, `external data of tensor "${tensor}" has ${key} "${text.slice(0, 40)}"`);
    return Number(text);
  };
  const length = number('length');
  if (length !== undefined && needed !== undefined && BigInt(length) !== needed) {
    throw corruptWire(file, at, `external data of tensor "${tensor}" has ${length} bytes, its shape needs ${needed}`);
  }
  const size = length ?? (needed === undefined ? undefined : Number(needed));
  return { tensor, location: entries.get('location') ?? '', offset: number('offset') ?? 0, ...(size === undefined ? {} : { length: size }) };
}
