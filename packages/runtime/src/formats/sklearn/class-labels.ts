import type { Datatype, OutputTensor } from '../../model/model';
import { toBigInt64, toFloat64, toStrings } from '../numpy/elements';
import type { NdArray } from '../numpy/nd-array';
import type { FittedState } from './fitted-state';

/** The classes a classifier tells apart, in the order of its probabilities. */
export interface ClassLabels {
  readonly count: number;
  readonly datatype: Datatype;
  /** The labels of `rows` class indices. */
  take(indices: Int32Array, rows: number): OutputTensor['data'];
}

/**
 * Reads `classes_`. Labels keep the type they have in the model; 16-bit and unsigned 32-bit ones, for which
 * the runtime has no array of their width, come as the next wider integer.
 */
export function readClassLabels(state: FittedState, name = 'classes_'): ClassLabels {
  const array = state.array(name);
  if (array.shape.length !== 1 || array.size === 0) throw state.corrupt(`${name} must be a list of classes`);
  const { kind, itemsize } = array.dtype;
  const texts = kind === 'U' || kind === 'S' || kind === 'O' ? toStrings(array) : undefined;
  if (texts) return labelsOf(texts, 'BYTES', (rows) => new Array<string>(rows));
  if (kind === 'O') return objectLabels(array, state, name);
  const values = toFloat64(array);
  if (!values) throw state.unsupported(`has classes of a type that is not supported (${kind}${itemsize})`, 'encode the classes as integers or text');
  return numberLabels(array, values, state);
}

function numberLabels(array: NdArray, values: Float64Array, state: FittedState): ClassLabels {
  const { kind, itemsize } = array.dtype;
  switch (kind) {
    case 'b':
      return labelsOf(values, 'BOOL', (rows) => new Uint8Array(rows));
    case 'f':
      return itemsize === 8 ? labelsOf(values, 'FP64', (rows) => new Float64Array(rows)) : labelsOf(values, 'FP32', (rows) => new Float32Array(rows));
    case 'u':
      if (itemsize === 1) return labelsOf(values, 'UINT8', (rows) => new Uint8Array(rows));
      break;
    default:
      if (itemsize < 8) return labelsOf(values, 'INT32', (rows) => new Int32Array(rows));
  }
  if (itemsize < 4) return labelsOf(values, 'INT32', (rows) => new Int32Array(rows));
  const datatype = kind === 'u' && itemsize === 8 ? 'UINT64' : 'INT64';
  if (values.every(Number.isSafeInteger)) return labelsOf(values, datatype, (rows) => new Float64Array(rows));
  if (kind === 'u') throw state.unsupported('has unsigned classes beyond 53 bits', 'encode the classes as smaller integers or text');
  return labelsOf(toBigInt64(array), datatype, (rows) => new BigInt64Array(rows));
}

/** Labels kept as Python objects that are not all text: whole numbers, numbers or booleans, but no mixture with text. */
function objectLabels(array: NdArray, state: FittedState, name: string): ClassLabels {
  const objects = array.objects ?? [];
  if (objects.every((object) => typeof object === 'boolean')) {
    return labelsOf(objects.map(Number), 'BOOL', (rows) => new Uint8Array(rows));
  }
  if (!objects.every((object) => typeof object === 'number')) {
    throw state.unsupported(`has ${name} of mixed types`, 'encode the classes as integers or text');
  }
  return labelsOf(objects, objects.every(Number.isSafeInteger) ? 'INT64' : 'FP64', (rows) => new Float64Array(rows));
}

function labelsOf<T>(
  classes: { readonly length: number; readonly [index: number]: T },
  datatype: Datatype,
  allocate: (rows: number) => OutputTensor['data'] & { [index: number]: T },
): ClassLabels {
  return {
    count: classes.length,
    datatype,
    take(indices, rows) {
      const data = allocate(rows);
      const cells: { [index: number]: T } = data;
      for (let row = 0; row < rows; row++) cells[row] = classes[indices[row] as number] as T;
      return data;
    },
  };
}
