import { IsvcError } from 'cdk8s-kserve/api';
import type { ByteReader } from './byte-reader';
import { DEFAULT_LIMITS, type PickleLimits } from './limits';
import { OPCODE_NAMES } from './opcode-names';
import { PickledGlobal, type PickledObject, type PickleValue } from './value';

/** Carries out one opcode, whose byte has been read. */
export type OpcodeHandler = (machine: PickleMachine) => void;

/** Handlers by opcode byte; an opcode that has none is refused. */
export type OpcodeTable = readonly (OpcodeHandler | undefined)[];

export interface PickleOptions {
  /** Whether a pickle may name this class or function. Names are never looked up; the list keeps surprises out. */
  readonly allows: (module: string, name: string) => boolean;
  /** Reads what a container format has put in the file behind `object`, right after its BUILD. */
  readonly readAttachment?: (object: PickledObject, reader: ByteReader, nested: () => PickleValue) => void;
  /** @default DEFAULT_LIMITS */
  readonly limits?: PickleLimits;
}

/** Work done so far, shared by a pickle and the pickles nested in it. */
interface Usage {
  operations: number;
  containers: number;
  depth: number;
}

const STOP = 0x2e;

/**
 * The stack machine of the pickle format, over data only: its opcodes build values, none of them can call, import or
 * evaluate anything. An opcode without a handler is refused.
 */
export class PickleMachine {
  readonly reader: ByteReader;
  readonly options: PickleOptions;
  readonly memo = new Map<number, PickleValue>();
  /** Position of the opcode being carried out. */
  offset = 0;
  private readonly handlers: OpcodeTable;
  private readonly limits: PickleLimits;
  private readonly usage: Usage;
  private readonly stack: PickleValue[] = [];
  private readonly marks: number[] = [];
  /** Stack height of the innermost mark; what lies below cannot be popped. */
  private fence = 0;

  constructor(reader: ByteReader, handlers: OpcodeTable, options: PickleOptions, usage: Usage = { operations: 0, containers: 0, depth: 0 }) {
    this.reader = reader;
    this.handlers = handlers;
    this.options = options;
    this.limits = options.limits ?? DEFAULT_LIMITS;
    this.usage = usage;
  }

  /** Runs up to STOP and returns the value it leaves. */
  run(): PickleValue {
    for (;;) {
      this.offset = this.reader.position;
      const opcode = this.reader.u8();
      if (++this.usage.operations > this.limits.operations) throw this.tooLarge('opcodes', this.limits.operations);
      if (opcode === STOP) return this.pop();
      const handler = this.handlers[opcode];
      if (!handler) throw this.refusedOpcode(opcode);
      handler(this);
    }
  }

  /** Reads a whole pickle that starts at the reader's position, with its own stack and memo. */
  runNested(): PickleValue {
    if (this.usage.depth >= this.limits.depth) throw this.tooLarge('nested pickles', this.limits.depth);
    this.usage.depth += 1;
    const value = new PickleMachine(this.reader, this.handlers, this.options, this.usage).run();
    this.usage.depth -= 1;
    return value;
  }

  push(value: PickleValue): void {
    this.stack.push(value);
  }

  /** Pushes a value that costs memory beyond its bytes in the file. */
  pushContainer(value: PickleValue): void {
    if (++this.usage.containers > this.limits.containers) throw this.tooLarge('containers', this.limits.containers);
    this.stack.push(value);
  }

  pop(): PickleValue {
    if (this.stack.length <= this.fence) throw this.corrupt('takes a value from an empty stack');
    return this.stack.pop() as PickleValue;
  }

  top(): PickleValue {
    if (this.stack.length <= this.fence) throw this.corrupt('looks at an empty stack');
    return this.stack[this.stack.length - 1] as PickleValue;
  }

  mark(): void {
    this.marks.push(this.stack.length);
    this.fence = this.stack.length;
  }

  /** The values above the innermost mark, which goes away with them. */
  popToMark(): PickleValue[] {
    const start = this.marks.pop();
    if (start === undefined) throw this.corrupt('has no mark to go back to');
    this.fence = this.marks[this.marks.length - 1] ?? 0;
    return this.stack.splice(start);
  }

  /** POP takes the innermost mark when nothing lies above it. */
  popValueOrMark(): void {
    if (this.stack.length > this.fence || this.marks.length === 0) this.pop();
    else this.popToMark();
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw this.corrupt(`refers to memo entry ${index}, which nothing has set`);
    this.stack.push(value);
  }

  /** A name that is on the allow-list. */
  global(module: string, name: string): PickledGlobal {
    if (this.options.allows(module, name)) return new PickledGlobal(module, name);
    const label = printable(`${module}.${name}`);
    throw new IsvcError(
      'ISVC_MODEL_FORBIDDEN',
      `names ${label} at ${this.reader.at(this.offset)}, which is not on the allow-list; nothing was executed`,
      { path: this.reader.file, hint: RE_EXPORT },
    );
  }

  /** ISVC_MODEL_CORRUPT that names the opcode being carried out. */
  corrupt(problem: string): IsvcError {
    const opcode = this.reader.bytes[this.offset] ?? 0;
    return this.reader.corrupt(`${OPCODE_NAMES[opcode] ?? 'the pickle'} ${problem}`, this.offset);
  }

  private refusedOpcode(opcode: number): IsvcError {
    const name = OPCODE_NAMES[opcode];
    if (name === undefined) {
      return this.reader.corrupt(`0x${opcode.toString(16).padStart(2, '0')} is not a pickle opcode`, this.offset);
    }
    return new IsvcError(
      'ISVC_MODEL_FORBIDDEN',
      `uses opcode ${name} at ${this.reader.at(this.offset)}, which is not on the allow-list; nothing was executed`,
      { path: this.reader.file, hint: RE_EXPORT },
    );
  }

  private tooLarge(what: string, limit: number): IsvcError {
    return new IsvcError('ISVC_MODEL_UNSUPPORTED', `has more than ${limit} ${what} at ${this.reader.at(this.offset)}`, {
      path: this.reader.file,
      hint: 'export the model as ONNX',
    });
  }
}

const RE_EXPORT =
  'save the model again from supported scikit-learn estimators alone or export it as ONNX, and do not open this file in Python unless you trust its author';

/** Names come from the file: keep control characters and endless names out of logs. */
function printable(name: string): string {
  const clean = name.replace(/[^\x20-\x7e]/g, '?');
  return clean.length > 120 ? `${clean.slice(0, 120)}...` : clean;
}
