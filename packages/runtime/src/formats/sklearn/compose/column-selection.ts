import { toFloat64, toStrings } from '../../numpy/elements';
import { PickledObject, type PickleValue } from '../../pickle/value';
import type { FittedState } from '../fitted-state';

/**
 * Column numbers from any of the forms `ColumnTransformer` keeps: a name, a number, lists of them, a slice, a mask.
 *
 * @throws IsvcError ISVC_MODEL_UNSUPPORTED for functions, ISVC_MODEL_CORRUPT for columns that do not exist.
 */
export function readColumnSelection(state: FittedState, value: PickleValue | undefined, features: number, names: readonly string[] | undefined): Int32Array {
  if (value instanceof PickledObject && value.callee.name === 'slice' && value.args.some((bound) => typeof bound === 'string')) {
    return namedSlice(state, value.args, names ?? []);
  }
  const items = itemsOf(state, value);
  if (!items) return state.columnIndices(value, features, 'columns');
  // A mask is a list of booleans, one a column.
  if (items.length > 0 && items.every((item) => typeof item === 'boolean')) return Int32Array.from(items.keys()).filter((index) => items[index] === true);
  return Int32Array.from(items, (item) => {
    const index = typeof item === 'string' ? (names ?? []).indexOf(item) : item;
    const column = typeof index === 'number' && typeof item === 'number' && index < 0 ? index + features : index;
    if (typeof column !== 'number' || !Number.isInteger(column) || column < 0 || column >= features) throw state.corrupt(`selects the column ${String(item).slice(0, 40)}, which it does not have`);
    return column;
  });
}

function itemsOf(state: FittedState, value: PickleValue | undefined): readonly PickleValue[] | undefined {
  if (typeof value === 'string' || typeof value === 'number') return [value];
  if (Array.isArray(value)) return value;
  if (!(value instanceof PickledObject)) throw state.unsupported('selects columns by a function', 'name the columns');
  // The remainder of 1.5 and 1.6 comes in a list of its own class.
  if (value.type.name === '_RemainderColsList') {
    const data = value.state instanceof Map ? value.state.get('data') : undefined;
    if (!Array.isArray(data)) throw state.corrupt('the remaining columns are not a list');
    return data;
  }
  if (value.callee.name === 'slice') return undefined;
  const array = state.decode(value, 'columns');
  return array.objects ?? toStrings(array) ?? (array.dtype.kind === 'b' ? undefined : Array.from(toFloat64(array) ?? []));
}

/** A slice of names includes its end. */
function namedSlice(state: FittedState, [start, stop]: readonly PickleValue[], names: readonly string[]): Int32Array {
  const first = typeof start === 'string' ? names.indexOf(start) : 0;
  const last = typeof stop === 'string' ? names.indexOf(stop) : names.length - 1;
  if (first < 0 || last < 0) throw state.corrupt('selects a range of columns that it does not have');
  return Int32Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
