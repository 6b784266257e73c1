/**
 * What a pickle holds, as inert data: a class is a name, an instance is that name with what would have been passed to
 * it. Lists and tuples are arrays, a dict is a `Map`, bytes and bytearray are a `Buffer` (a view of the file, not a
 * copy), an int beyond 53 bits is a `bigint`.
 */
export type PickleValue =
  | null | boolean | number | bigint | string | Buffer | PickleValue[]
  | Map<PickleValue, PickleValue> | Set<PickleValue> | PickledGlobal | PickledObject;

/** A class or function by name; it is never looked up. */
export class PickledGlobal {
  readonly module: string;
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }

  /** `module.name`. */
  toString(): string {
    return `${this.module}.${this.name}`;
  }
}

/** What Python would make by calling `callee(*args)` and then restoring `state`. Nothing is called here. */
export class PickledObject {
  readonly callee: PickledGlobal;
  readonly args: readonly PickleValue[];
  /** Position in the pickle of the opcode that makes it, for messages. */
  readonly offset: number;
  /** The argument of BUILD, usually the instance dictionary. */
  state: PickleValue | undefined;
  /** What was appended, where the class derives from list. */
  items: PickleValue[] | undefined;
  /** What was set by key, where the class derives from dict, e.g. `OrderedDict`. */
  entries: Map<PickleValue, PickleValue> | undefined;
  /** Raw bytes or a nested pickle that lie in the file right after the object, as joblib writes arrays. */
  attachment: PickleValue | undefined;

  constructor(callee: PickledGlobal, args: readonly PickleValue[], offset: number) {
    this.callee = callee;
    this.args = args;
    this.offset = offset;
  }

  /** The class of the instance; protocols 0 and 1 go through a constructor function that takes it as an argument. */
  get type(): PickledGlobal {
    const [first] = this.args;
    return isReconstructor(this.callee) && first instanceof PickledGlobal ? first : this.callee;
  }
}

function isReconstructor({ module, name }: PickledGlobal): boolean {
  return (module === 'copyreg' || module === 'copy_reg') && (name === '_reconstructor' || name === '__newobj__');
}
