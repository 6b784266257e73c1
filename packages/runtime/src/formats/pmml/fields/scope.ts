import { didYouMean } from 'cdk8s-kserve/api';
import type { Element } from '../xml/element';
import type { Field } from './field';

/** Fields computed through one another; far more than any pipeline has, and no danger to the stack. */
const MAX_CHAIN = 500;
/** Models inside models and functions inside functions. */
const MAX_LEVELS = 60;
/** Uses of functions of the document, with those inside functions counted at each use: functions of functions could double without end. */
const MAX_CALLS = 30_000;

/** A field that is made when it is first looked up, because documents may use fields before they define them. */
export type FieldSource = () => Field;

/** What is counted over a whole document. */
export class Document {
  private slots = 0;
  private calls = 0;

  /** A place in every row. */
  nextSlot(): number {
    return this.slots++;
  }

  get rowLength(): number {
    return this.slots;
  }

  /** @throws IsvcError ISVC_MODEL_UNSUPPORTED past the limit. */
  countCall(at: Element): void {
    if (++this.calls > MAX_CALLS) throw at.unsupported(`is one of more than ${MAX_CALLS} uses of functions that the document defines`);
  }
}

/** The fields and functions that an element can name: its own, then those around it. */
export class Scope {
  readonly document: Document;
  private readonly parent: Scope | undefined;
  private readonly sources = new Map<string, FieldSource>();
  private readonly functions = new Map<string, Element>();
  private readonly inWork = new Set<string>();
  /** Depth of the deepest field looked up since it was last set to 0. */
  private deepest = 0;

  private readonly level: number;

  constructor(document: Document, parent?: Scope) {
    this.document = document;
    this.parent = parent;
    this.level = parent ? parent.level + 1 : 0;
  }

  /** A scope for names of its own. @throws IsvcError ISVC_MODEL_UNSUPPORTED past the limit, as for functions that call themselves. */
  inside(at: Element): Scope {
    if (this.level === MAX_LEVELS) throw at.unsupported(`stands inside more than ${MAX_LEVELS} models and functions; does a function call itself?`);
    return new Scope(this.document, this);
  }

  /** @throws IsvcError ISVC_MODEL_CORRUPT for a second field of that name. */
  define(name: string, at: Element, source: FieldSource): void {
    if (this.sources.has(name)) throw at.corrupt(`defines ${name} a second time`);
    this.sources.set(name, once(source));
  }

  defineFunction(name: string, definition: Element): void {
    this.functions.set(name, definition);
  }

  functionNamed(name: string): Element | undefined {
    return this.functions.get(name) ?? this.parent?.functionNamed(name);
  }

  has(name: string): boolean {
    return this.sources.has(name) || (this.parent?.has(name) ?? false);
  }

  /** @throws IsvcError ISVC_MODEL_CORRUPT for a name that nothing has, and for fields that need themselves. */
  field(name: string, at: Element): Field {
    const source = this.sources.get(name);
    if (!source) {
      if (!this.parent) throw this.unknown(name, at);
      const found = this.parent.has(name) ? this.parent.field(name, at) : undefined;
      if (!found) throw this.unknown(name, at);
      this.deepest = Math.max(this.deepest, found.depth);
      return found;
    }
    if (this.inWork.has(name)) throw at.corrupt(`needs the field ${name}, which needs itself`);
    this.inWork.add(name);
    try {
      const field = source();
      this.deepest = Math.max(this.deepest, field.depth);
      return field;
    } finally {
      this.inWork.delete(name);
    }
  }

  /** Runs a compilation, and says how deep its result stands on other fields. @throws IsvcError ISVC_MODEL_UNSUPPORTED past the limit. */
  measured<Result>(at: Element, compile: () => Result): { readonly result: Result; readonly depth: number } {
    const outer = this.deepest;
    this.deepest = 0;
    const result = compile();
    const depth = this.deepest + 1;
    if (depth > MAX_CHAIN) throw at.unsupported(`is computed through more than ${MAX_CHAIN} fields`);
    this.deepest = Math.max(outer, depth);
    return { result, depth };
  }

  private unknown(name: string, at: Element): Error {
    const near = didYouMean(name, [...this.sources.keys()]);
    return at.corrupt(`names the field "${name.slice(0, 60)}", which is not there${near === undefined ? '' : `; ${near}?`}`);
  }
}

function once(source: FieldSource): FieldSource {
  let made: Field | undefined;
  return () => (made ??= source());
}
