import { IsvcError } from 'cdk8s-kserve/api';
import { decodeArray } from '../numpy/decode-array';
import { toFloat64 } from '../numpy/elements';
import type { NdArray } from '../numpy/nd-array';
import { parseNumber } from '../numpy/parse-number';
import { PickledObject, type PickleValue } from '../pickle/value';

/**
 * How many bytes of arrays may still be read from one file. Objects of a pickle can share an array, so that a small file
 * could otherwise ask for any number of copies; a model needs each of its arrays about once.
 */
interface ReadBudget {
  remaining: number;
}

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

  private constructor(object: PickledObject, file: string, budget: ReadBudget) {
    this.estimator = object.type.name;
    this.file = file;
    this.budget = budget;
    this.attributes = object.state instanceof Map ? object.state : new Map();
  }

  /** @param fileBytes length of the (decompressed) file, which bounds what may be read in all. */
  static of(object: PickledObject, file: string, fileBytes: number): FittedState {
    return new FittedState(object, file, { remaining: BUDGET_FACTOR * fileBytes + BUDGET_FLOOR });
  }

  /** The state of an estimator inside this one. */
  member(object: PickledObject): FittedState {
    return new FittedState(object, this.file, this.budget);
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
