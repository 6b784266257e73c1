import type { Datatype, OutputTensor } from '../../model/model';
import { toBigInt64, toFloat64, toStrings } from '../numpy/elements';
import type { NdArray } from '../numpy/nd-array';
import type { FittedState } from './fitted-state';

/** The classes a classifier tells apart, in the order of its probabilities. */
export interface ClassLabels {
  readonly count: number;
  readonly datatype: Datatype;
  readonly values: readonly (string | number | bigint)[];
  /** The labels of `rows` class indices. */
  take(indices: Int32Array, rows: number): OutputTensor['data'];
}

/**
 * Reads `classes_`. Labels keep the type they have in the model; integers for which the runtime has no array of their
 * width come as the next wider one.
 */
export function readClassLabels(state: FittedState, name = 'classes_'): ClassLabels {
  const array = state.array(name);
  if (array.shape.length !== 1 || array.size === 0) throw state.corrupt(`${name} must be a list of classes`);
  const { kind } = array.dtype;
  const texts = kind === 'U' || kind === 'S' || kind === 'O' ? toStrings(array) : undefined;
  if (texts) return labelsOf(texts, 'BYTES', (rows) => new Array<string>(rows));
  if (kind === 'O') return objectLabels(array, state, name);
  return numberLabels(array, state);
}

/** Whole numbers as labels, for models whose classes are numbered. */
export function integerLabels(classes: readonly number[], datatype: 'INT32' | 'INT64' = 'INT64'): ClassLabels {
  return labelsOf(classes, datatype, (rows) => (datatype === 'INT32' ? new Int32Array(rows) : new Float64Array(rows)));
}

type Allocator = (rows: number) => OutputTensor['data'] & { [index: number]: number };

/** What labels of a NumPy type become. */
const NUMBER_LABELS: Readonly<Partial<Record<string, readonly [datatype: Datatype, allocate: Allocator]>>> = {
  b1: ['BOOL', (rows) => new Uint8Array(rows)],
  u1: ['UINT8', (rows) => new Uint8Array(rows)],
  u2: ['INT32', (rows) => new Int32Array(rows)],
  u4: ['INT64', (rows) => new Float64Array(rows)],
  u8: ['UINT64', (rows) => new Float64Array(rows)],
  i1: ['INT32', (rows) => new Int32Array(rows)],
  i2: ['INT32', (rows) => new Int32Array(rows)],
  i4: ['INT32', (rows) => new Int32Array(rows)],
  i8: ['INT64', (rows) => new Float64Array(rows)],
  f4: ['FP32', (rows) => new Float32Array(rows)],
  f8: ['FP64', (rows) => new Float64Array(rows)],
};

function numberLabels(array: NdArray, state: FittedState): ClassLabels {
  const type = `${array.dtype.kind}${array.dtype.itemsize}`;
  const values = toFloat64(array);
  const [datatype, allocate] = NUMBER_LABELS[type] ?? [];
  if (!values || !datatype || !allocate) {
    throw state.unsupported(`has classes of a type that is not supported (${type})`, 'encode the classes as integers or text');
  }
  const rounded = (type === 'i8' || type === 'u8') && !values.every(Number.isSafeInteger);
  if (!rounded) return labelsOf(values, datatype, allocate);
  if (type === 'u8') throw state.unsupported('has unsigned classes beyond 53 bits', 'encode the classes as smaller integers or text');
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

function labelsOf<T extends string | number | bigint>(
  classes: ArrayLike<T>,
  datatype: Datatype,
  allocate: (rows: number) => OutputTensor['data'] & { [index: number]: T },
): ClassLabels {
  return {
    count: classes.length,
    datatype,
    values: Array.from(classes),
    take(indices, rows) {
      const data = allocate(rows);
      const cells: { [index: number]: T } = data;
      for (let row = 0; row < rows; row++) cells[row] = classes[indices[row] as number] as T;
      return data;
    },
  };
}
