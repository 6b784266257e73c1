import { IsvcError, didYouMean } from 'cdk8s-kserve/api';

/** Longest piece of a value that a message shows. */
const SHOWN = 60;

/** One element of a document. Every reading checks what it reads and names the line. */
export class Element {
  /** Without a namespace prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[] = [];
  /** Text directly inside it; blank text is left out. */
  text = '';
  readonly file: string;
  readonly line: number;

  constructor(name: string, attributes: Readonly<Record<string, string>>, file: string, line: number) {
    this.name = name;
    this.attributes = attributes;
    this.file = file;
    this.line = line;
  }

  /** The first child of that name. */
  child(name: string): Element | undefined {
    return this.children.find((child) => child.name === name);
  }

  /** Children of any of these names, in document order. */
  all(...names: readonly string[]): Element[] {
    return this.children.filter((child) => names.includes(child.name));
  }

  /** @throws IsvcError ISVC_MODEL_CORRUPT where there is no such child. */
  required(name: string): Element {
    const child = this.child(name);
    if (child) return child;
    throw this.corrupt(`has no ${name}`);
  }

  attribute(name: string): string | undefined {
    return Object.hasOwn(this.attributes, name) ? this.attributes[name] : undefined;
  }

  /** @throws IsvcError ISVC_MODEL_CORRUPT where it is absent. */
  requiredAttribute(name: string): string {
    const value = this.attribute(name);
    if (value !== undefined) return value;
    throw this.corrupt(`has no attribute ${name}`);
  }

  /** An attribute that is a number. @throws IsvcError ISVC_MODEL_CORRUPT where it is absent without a default, or no number. */
  number(name: string, otherwise?: number): number {
    const value = this.attribute(name);
    if (value === undefined && otherwise !== undefined) return otherwise;
    const number = parseNumber(this.requiredAttribute(name));
    if (number !== undefined) return number;
    throw this.corrupt(`has ${name} "${shown(value)}", not a number`);
  }

  optionalNumber(name: string): number | undefined {
    return this.attribute(name) === undefined ? undefined : this.number(name);
  }

  /** An attribute with a fixed set of words. */
  oneOf<Word extends string>(name: string, words: readonly Word[], otherwise?: Word): Word {
    const value = this.attribute(name);
    if (value === undefined && otherwise !== undefined) return otherwise;
    const word = words.find((one) => one === this.requiredAttribute(name));
    if (word !== undefined) return word;
    const near = didYouMean(value ?? '', words);
    throw this.unsupported(`has ${name} "${shown(value)}"; known are ${words.join(', ')}${near === undefined ? '' : ` (${near}?)`}`);
  }

  flag(name: string, otherwise = false): boolean {
    const value = this.attribute(name);
    return value === undefined ? otherwise : value === 'true' || value === '1';
  }

  corrupt(problem: string): IsvcError {
    return new IsvcError('ISVC_MODEL_CORRUPT', `line ${this.line}: ${this.name} ${problem}`, {
      path: this.file,
      hint: 'write the document again with the library that made it, and compare its checksum after copying',
    });
  }

  unsupported(problem: string): IsvcError {
    return new IsvcError('ISVC_MODEL_UNSUPPORTED', `line ${this.line}: ${this.name} ${problem}`, {
      path: this.file,
      hint: 'what is read of PMML stands in docs/reference/model-formats.md; export the model as ONNX, or serve it with the image of KServe: runtime kserve-pmmlserver',
    });
  }
}

/** A number as XML Schema writes it. @returns undefined for text that is none. */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === 'INF') return Infinity;
  if (trimmed === '-INF') return -Infinity;
  if (trimmed === '') return undefined;
  const number = Number(trimmed);
  return Number.isNaN(number) && trimmed !== 'NaN' ? undefined : number;
}

function shown(value: string | undefined): string {
  return (value ?? '').slice(0, SHOWN);
}
