import { bytesOf } from '../pickle/bytes-of';
import { PickledObject, type PickleValue } from '../pickle/value';
import { parseDtype } from './dtype';
import { toFloat64 } from './elements';

/** The number that a value stands for: a plain one, or a NumPy scalar. `undefined` where it stands for none. */
export function parseNumber(value: PickleValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (!(value instanceof PickledObject) || value.callee.name !== 'scalar') return undefined;
  const dtype = parseDtype(value.args[0]);
  const bytes = bytesOf(value.args[1]);
  if (typeof dtype === 'string' || !bytes || bytes.length !== dtype.itemsize) return undefined;
  return toFloat64({ dtype, shape: [1], size: 1, columnMajor: false, bytes })?.[0];
}
