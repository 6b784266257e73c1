import { PickledObject, type PickleValue } from '../pickle/value';
import { bytesOf } from '../pickle/bytes-of';

/** NumPy's one-letter kinds: bool, int, unsigned int, float, unicode, bytes, object, record. */
export type DtypeKind = 'b' | 'i' | 'u' | 'f' | 'U' | 'S' | 'O' | 'V';

/** The element type of an array. */
export interface Dtype {
  readonly kind: DtypeKind;
  /** Bytes of one element. */
  readonly itemsize: number;
  readonly littleEndian: boolean;
  /** Fields of a record with their byte offsets; only for kind `V`. */
  readonly fields?: ReadonlyMap<string, { readonly dtype: Dtype; readonly offset: number }>;
}

const FIXED_WIDTHS: Readonly<Record<string, readonly number[]>> = {
  b: [1], i: [1, 2, 4, 8], u: [1, 2, 4, 8], f: [4, 8],
};

/** Widest text element in bytes; a real one holds a class label or a category. */
const MAX_TEXT_WIDTH = 1 << 20;

/** Records have a handful of fields and none inside another; a crafted one could have any number, to be read for every array. */
const MAX_FIELDS = 64;

/**
 * The element type that a pickled `numpy.dtype` describes.
 *
 * @returns a sentence about the problem where it describes none that is read here.
 */
export function parseDtype(value: PickleValue | undefined, insideRecord = false): Dtype | string {
  if (!(value instanceof PickledObject) || value.callee.name !== 'dtype') return 'there is no numpy.dtype';
  const code = value.args[0];
  const match = typeof code === 'string' ? /^([biufUSOV])(\d{1,9})?$/.exec(code) : null;
  if (!match) return `the dtype ${typeof code === 'string' ? JSON.stringify(code.slice(0, 20)) : 'without a name'} is not supported`;
  const kind = match[1] as DtypeKind;
  const state = Array.isArray(value.state) ? value.state : [];
  const littleEndian = textOf(state[1]) !== '>';
  if (kind === 'O') return { kind, itemsize: 8, littleEndian: true };
  const width = Number(match[2] ?? 0);
  if (kind === 'V') return insideRecord ? 'a record dtype inside another is not supported' : parseRecord(state);
  if (kind === 'U' || kind === 'S') return parseText(kind, kind === 'U' ? width * 4 : width, state, littleEndian);
  return FIXED_WIDTHS[kind]?.includes(width) ? { kind, itemsize: width, littleEndian } : `the dtype ${code as string} is not supported`;
}

function parseText(kind: 'U' | 'S', width: number, state: readonly PickleValue[], littleEndian: boolean): Dtype | string {
  // Old files say `U` alone and keep the width in the state.
  const itemsize = typeof state[5] === 'number' && state[5] > 0 ? state[5] : width;
  const unit = kind === 'U' ? 4 : 1;
  const valid = Number.isInteger(itemsize) && itemsize > 0 && itemsize <= MAX_TEXT_WIDTH && itemsize % unit === 0;
  return valid ? { kind, itemsize, littleEndian } : `a text dtype has an element of ${itemsize} bytes`;
}

/** State of a record dtype: version, byte order, subarray, names, fields, itemsize, alignment, flags. */
function parseRecord(state: readonly PickleValue[]): Dtype | string {
  const [, , subarray, names, fields, itemsize] = state;
  if (subarray !== null && subarray !== undefined) return 'a dtype with subarrays is not supported';
  if (!Array.isArray(names) || !(fields instanceof Map) || typeof itemsize !== 'number' || !Number.isInteger(itemsize) || itemsize <= 0) {
    return 'a record dtype has no fields';
  }
  if (names.length > MAX_FIELDS) return `a record dtype has more than ${MAX_FIELDS} fields`;
  const parsed = new Map<string, { dtype: Dtype; offset: number }>();
  for (const key of names) {
    const field = fields.get(key);
    const [fieldType, offset] = Array.isArray(field) ? field : [];
    const dtype = parseDtype(fieldType, true);
    if (typeof dtype === 'string') return dtype;
    const name = textOf(key);
    if (name === undefined || typeof offset !== 'number' || !Number.isInteger(offset) || offset < 0 || offset + dtype.itemsize > itemsize) {
      return 'a field of a record dtype lies outside the record';
    }
    parsed.set(name, { dtype, offset });
  }
  return { kind: 'V', itemsize, littleEndian: true, fields: parsed };
}

function textOf(value: PickleValue | undefined): string | undefined {
  return typeof value === 'string' ? value : bytesOf(value)?.toString('latin1');
}

/** Whether elements are Python objects, directly or in a record; such arrays are pickled, not written as bytes. */
export function hasObjects(dtype: Dtype): boolean {
  if (dtype.kind === 'O') return true;
  for (const field of dtype.fields?.values() ?? []) {
    if (hasObjects(field.dtype)) return true;
  }
  return false;
}
