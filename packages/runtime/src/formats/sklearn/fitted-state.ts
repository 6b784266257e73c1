import { IsvcError } from 'cdk8s-kserve/api';
import { decodeArray } from '../numpy/decode-array';
import { toFloat64 } from '../numpy/elements';
import type { NdArray } from '../numpy/nd-array';
import { parseNumber } from '../numpy/parse-number';
import { bytesOf } from '../pickle/bytes-of';
import { PickledObject, type PickleValue } from '../pickle/value';

/**
 * How many bytes of arrays may still be read from one file. Objects of a pickle can share an array, so that a small file
 * could otherwise ask for any number of copies; a model needs each of its arrays about once.
 */
interface ReadBudget {
  remaining: number;
  /** Estimators that may still be built, for the same reason. */
  members: number;
}

/** An array of any shape as 64-bit floats, row after row. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** Estimators inside estimators; the deepest real ones (a search over a pipeline of stacked models) have about ten. */
const MAX_DEPTH = 32;

/** The smallest estimator takes more bytes than this in a file. */
const MEMBER_BYTES = 32;
const MEMBER_FLOOR = 1000;

/** More columns than this no request can carry. */
const MAX_FEATURES = 2 ** 24;

const BUDGET_FACTOR = 4;
const BUDGET_FLOOR = 1 << 16;

/**
 * The attributes of one fitted estimator, read by name and checked. A missing one means an estimator that was never
 * fitted or a version of scikit-learn that is not known here; one of another form means a damaged file.
 */
export class FittedState {
  /** Name of the class, e.g. `SVC`. */
  readonly estimator: string;
  readonly file: string;
  private readonly attributes: ReadonlyMap<PickleValue, PickleValue>;
  private readonly budget: ReadBudget;
  private readonly depth: number;

  private constructor(object: PickledObject, file: string, budget: ReadBudget, depth: number) {
    this.estimator = object.type.name;
    this.file = file;
    this.budget = budget;
    this.depth = depth;
    this.attributes = object.state instanceof Map ? object.state : new Map();
  }

  /** @param fileBytes length of the (decompressed) file, which bounds what may be read in all. */
  static of(object: PickledObject, file: string, fileBytes: number): FittedState {
    const budget = { remaining: BUDGET_FACTOR * fileBytes + BUDGET_FLOOR, members: fileBytes / MEMBER_BYTES + MEMBER_FLOOR };
    return new FittedState(object, file, budget, 0);
  }

  /** The state of an estimator inside this one. */
  member(object: PickledObject): FittedState {
    if (this.depth >= MAX_DEPTH) throw this.corrupt(`estimators lie more than ${MAX_DEPTH} deep in each other`);
    this.budget.members -= 1;
    if (this.budget.members < 0) throw this.corrupt('its parts share the same arrays or estimators over and over');
    return new FittedState(object, this.file, this.budget, this.depth + 1);
  }

  has(name: string): boolean {
    const value = this.attributes.get(name);
    return value !== undefined && value !== null;
  }

  /** @throws IsvcError ISVC_MODEL_UNSUPPORTED where there is none. */
  value(name: string): PickleValue {
    const value = this.attributes.get(name);
    if (value === undefined) {
      throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `${this.estimator} has no attribute ${name}: it was never fitted, or saved by a scikit-learn that this version does not know`, {
        path: this.file,
        hint: 'save the model after fit(), with scikit-learn 0.21 or newer',
      });
    }
    return value;
  }

  /** The text of an attribute, `undefined` where it is something else. */
  text(name: string): string | undefined {
    const value = this.attributes.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  flag(name: string): boolean {
    return this.attributes.get(name) === true;
  }

  /** Whether scikit-learn `major.minor` or a newer one saved the model; its own mark of the version says so. */
  savedBy(major: number, minor: number): boolean {
    const match = /^(\d+)\.(\d+)/.exec(this.text('_sklearn_version') ?? '');
    if (!match) return false;
    const [savedMajor, savedMinor] = [Number(match[1]), Number(match[2])];
    return savedMajor > major || (savedMajor === major && savedMinor >= minor);
  }

  number(name: string): number {
    const number = parseNumber(this.value(name));
    if (number === undefined) throw this.corrupt(`${name} is not a number`);
    return number;
  }

  /** An integer between the two bounds, both included. */
  integer(name: string, lowest: number, highest: number): number {
    const number = this.number(name);
    if (!Number.isInteger(number) || number < lowest || number > highest) {
      throw this.corrupt(`${name} must be an integer from ${lowest} to ${highest}, is ${number}`);
    }
    return number;
  }

  array(name: string): NdArray {
    return this.decode(this.value(name), name);
  }

  /** The array a value stands for; `name` says in messages which one it is. */
  decode(value: PickleValue | undefined, name: string): NdArray {
    if (value instanceof PickledObject && value.type.module.startsWith('scipy.sparse')) {
      throw this.unsupported(`keeps ${name} as a sparse matrix`, 'fit it on dense arrays, or call densify() before saving');
    }
    const array = decodeArray(value);
    if (typeof array === 'string') throw this.corrupt(`${name}: ${array}`);
    this.budget.remaining -= array.size * array.dtype.itemsize;
    if (this.budget.remaining < 0) throw this.corrupt('its parts share the same arrays over and over');
    return array;
  }

  /** Finite numbers of any dtype as 64-bit floats, row after row. `shape` gives the lengths it must have. */
  floats(name: string, shape: readonly number[]): Float64Array {
    const array = this.array(name);
    const values = toFloat64(array);
    if (!values) throw this.corrupt(`${name} does not hold numbers`);
    if (array.shape.length !== shape.length || array.shape.some((length, axis) => length !== shape[axis])) {
      throw this.corrupt(`${name} must have the shape (${shape.join(', ')}), has (${array.shape.join(', ')})`);
    }
    if (!values.every(Number.isFinite)) throw this.corrupt(`${name} holds a value that is not finite`);
    return values;
  }

  /** Finite numbers of any shape. A plain number has the shape (). */
  tensor(name: string): Tensor {
    const scalar = parseNumber(this.value(name));
    if (scalar !== undefined) return { shape: [], values: this.finite(name, Float64Array.of(scalar)) };
    const array = this.array(name);
    const values = toFloat64(array);
    if (!values) throw this.corrupt(`${name} does not hold numbers`);
    return { shape: array.shape, values: this.finite(name, values) };
  }

  /** A matrix of finite numbers, at least one column wide. */
  matrix(name: string): { readonly rows: number; readonly columns: number; readonly values: Float64Array } {
    const { shape, values } = this.tensor(name);
    const [rows, columns] = shape;
    if (shape.length !== 2 || rows === undefined || columns === undefined || columns < 1) throw this.corrupt(`${name} must be a matrix`);
    return { rows, columns, values };
  }

  /** Numbers in one row, NaN and infinities included; `length` of them where it is given. */
  vector(name: string, length?: number): Float64Array {
    const array = this.array(name);
    const values = toFloat64(array);
    if (!values || array.shape.length !== 1) throw this.corrupt(`${name} must be a list of numbers`);
    if (length !== undefined && values.length !== length) throw this.corrupt(`${name} must have ${length} numbers, has ${values.length}`);
    return values;
  }

  private finite(name: string, values: Float64Array): Float64Array {
    if (!values.every(Number.isFinite)) throw this.corrupt(`${name} holds a value that is not finite`);
    return values;
  }

  /** Number of columns the estimator was fitted on: `n_features_in_`, which came with 0.24, or else `fallback`. */
  features(fallback?: number): number {
    if (!this.has('n_features_in_') && fallback !== undefined) return fallback;
    const width = this.integer('n_features_in_', 1, MAX_FEATURES);
    if (fallback !== undefined && width !== fallback) throw this.corrupt(`has ${width} features, its arrays ${fallback}`);
    return width;
  }

  /** An attribute that is a list or a tuple, or an array of objects. */
  list(name: string): readonly PickleValue[] {
    const value = this.value(name);
    if (Array.isArray(value)) return value;
    const { objects } = this.array(name);
    if (!objects) throw this.corrupt(`${name} is not a list`);
    return objects;
  }

  /** The state of an estimator that `value` holds; `role` names it in messages. */
  memberOf(value: PickleValue | undefined, role: string): FittedState {
    if (!(value instanceof PickledObject)) throw this.corrupt(`${role} is not an estimator`);
    return this.member(value);
  }

  /** Column numbers below `columns`; a slice or a mask of columns stands for them as well. */
  columnIndices(value: PickleValue | undefined, columns: number, role: string): Int32Array {
    if (value instanceof PickledObject && value.callee.name === 'slice') return sliceIndices(value.args, columns);
    if (Array.isArray(value)) return this.checkIndices(value.map((index) => parseNumber(index) ?? NaN), columns, role);
    const array = this.decode(value, role);
    const values = toFloat64(array);
    const indices = array.dtype.kind === 'b' && values ? Float64Array.from(values.keys()).filter((index) => values[index] !== 0) : values;
    if (!indices || array.shape.length !== 1) throw this.corrupt(`${role} is not a list of columns`);
    return this.checkIndices(Array.from(indices), columns, role);
  }

  private checkIndices(indices: readonly number[], columns: number, role: string): Int32Array {
    const resolved = Int32Array.from(indices, (index) => (index < 0 ? index + columns : index));
    if (!resolved.every((index, place) => Number.isInteger(indices[place]) && index >= 0 && index < columns)) throw this.corrupt(`${role} names a column beyond the ${columns} there are`);
    return resolved;
  }

  /** The same for an attribute. */
  columnIndicesOf(name: string, columns: number): Int32Array {
    return this.columnIndices(this.value(name), columns, name);
  }

  /** The bytes of an attribute, or of its text: the model that a wrapper of another library keeps. */
  bytes(name: string): Buffer {
    const value = this.value(name);
    const bytes = typeof value === 'string' ? Buffer.from(value) : bytesOf(value);
    if (!bytes) throw this.corrupt(`${name} is neither bytes nor text`);
    this.budget.remaining -= bytes.length;
    if (this.budget.remaining < 0) throw this.corrupt('its parts share the same bytes over and over');
    return bytes;
  }

  /** A list of objects. */
  objects(name: string): PickledObject[] {
    const value = this.value(name);
    const items: PickledObject[] = [];
    for (const item of Array.isArray(value) ? value : [value]) {
      if (!(item instanceof PickledObject)) throw this.corrupt(`${name} is not a list of objects`);
      items.push(item);
    }
    return items;
  }

  corrupt(problem: string): IsvcError {
    return new IsvcError('ISVC_MODEL_CORRUPT', `${this.estimator}: ${problem}`, {
      path: this.file,
      hint: 'copy the file again and compare its checksum with the source',
    });
  }

  unsupported(problem: string, hint = 'export the model as ONNX'): IsvcError {
    return new IsvcError('ISVC_MODEL_UNSUPPORTED', `${this.estimator} ${problem}`, { path: this.file, hint });
  }
}

/** Python's slice over `columns` columns; only forward ones are ever fitted on. */
function sliceIndices(args: readonly PickleValue[], columns: number): Int32Array {
  const [start, stop, step] = args.map((value) => (typeof value === 'number' && Number.isInteger(value) ? value : undefined));
  const bound = (value: number): number => Math.min(columns, Math.max(0, value < 0 ? value + columns : value));
  const every = Math.max(1, step ?? 1);
  const indices: number[] = [];
  for (let index = bound(start ?? 0); index < bound(stop ?? columns); index += every) indices.push(index);
  return Int32Array.from(indices);
}
