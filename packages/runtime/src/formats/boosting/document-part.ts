import { IsvcError } from 'cdk8s-kserve/api';

/** Longest piece of a value that a message shows. */
const SHOWN = 40;

/**
 * One value of a model document (JSON or UBJSON) with the path that leads to it. Every reading checks what it reads, so
 * that a damaged document is an error that names the place and never a wrong number later.
 */
export class DocumentPart {
  readonly value: unknown;
  /** Such as `learner.gradient_booster.model`; empty for the document itself. */
  readonly path: string;
  readonly file: string;

  constructor(value: unknown, file: string, path = '') {
    this.value = value;
    this.file = file;
    this.path = path;
  }

  has(name: string): boolean {
    return isRecord(this.value) && Object.hasOwn(this.value, name);
  }

  /** A member of an object. */
  part(name: string): DocumentPart {
    if (!isRecord(this.value)) throw this.corrupt('is not an object');
    if (!Object.hasOwn(this.value, name)) throw this.corrupt(`has no ${name}`);
    return new DocumentPart(this.value[name], this.file, this.path === '' ? name : `${this.path}.${name}`);
  }

  /** A member that may be absent. */
  optional(name: string): DocumentPart | undefined {
    return this.has(name) ? this.part(name) : undefined;
  }

  /** The same value under another path, for documents nested so deep that paths would be most of the memory. */
  withPath(path: string): DocumentPart {
    return new DocumentPart(this.value, this.file, path);
  }

  /** The elements of a list. */
  items(): DocumentPart[] {
    if (!Array.isArray(this.value)) throw this.corrupt('is not a list');
    return this.value.map((item: unknown, index) => new DocumentPart(item, this.file, `${this.path}[${index}]`));
  }

  /** A list of numbers; booleans count as 0 and 1. Typed arrays come as they are. */
  numbers(): ArrayLike<number> {
    const { value } = this;
    if (ArrayBuffer.isView(value)) return value as unknown as ArrayLike<number>;
    if (!Array.isArray(value)) throw this.corrupt('is not a list of numbers');
    const numbers = new Float64Array(value.length);
    for (let index = 0; index < value.length; index++) {
      const item: unknown = value[index];
      const number = numberOf(item);
      if (number === undefined) throw this.corrupt(`holds ${shown(item)} at ${index}, not a number`);
      numbers[index] = number;
    }
    return numbers;
  }

  /** A list of texts. */
  texts(): string[] {
    return this.items().map((item) => item.text());
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.corrupt(`is ${shown(this.value)}, not text`);
    return this.value;
  }

  /** A number, which XGBoost also writes as text. */
  number(): number {
    const number = numberOf(this.value) ?? (typeof this.value === 'string' && this.value !== '' ? Number(this.value) : Number.NaN);
    if (Number.isNaN(number)) throw this.corrupt(`is ${shown(this.value)}, not a number`);
    return number;
  }

  /** An integer between the two bounds, both included. */
  integer(lowest: number, highest: number): number {
    const number = this.number();
    if (!Number.isInteger(number) || number < lowest || number > highest) {
      throw this.corrupt(`must be an integer from ${lowest} to ${highest}, is ${number}`);
    }
    return number;
  }

  corrupt(problem: string): IsvcError {
    const where = this.path === '' ? 'the document' : this.path;
    return new IsvcError('ISVC_MODEL_CORRUPT', `${where} ${problem}`, {
      path: this.file,
      hint: 'copy the file again and compare its checksum with the source',
    });
  }

  unsupported(problem: string, hint: string): IsvcError {
    return new IsvcError('ISVC_MODEL_UNSUPPORTED', problem, { path: this.file, hint });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** `undefined` where a value is no number; the three that JSON lacks come as text from `parseModelJson`. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === 'NaN') return Number.NaN;
  if (value === 'Infinity') return Infinity;
  return value === '-Infinity' ? -Infinity : undefined;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, SHOWN));
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return String(value);
}
