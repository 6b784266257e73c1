import { IsvcError } from 'cdk8s-kserve/api';

/** `key=value` lines of one part of a model file. A key without `=` stands for itself, such as `average_output`. */
export class Block {
  /** `header` or `tree 3`, for messages. */
  readonly name: string;
  readonly file: string;
  private readonly values: ReadonlyMap<string, string>;

  constructor(name: string, file: string, values: ReadonlyMap<string, string>) {
    this.name = name;
    this.file = file;
    this.values = values;
  }

  has(key: string): boolean {
    return this.values.has(key);
  }

  optional(key: string): string | undefined {
    return this.values.get(key);
  }

  text(key: string): string {
    const value = this.values.get(key);
    if (value === undefined) throw this.corrupt(`has no ${key}`);
    return value;
  }

  integer(key: string, lowest: number, highest: number): number {
    const text = this.text(key);
    const number = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= lowest && number <= highest)) {
      throw this.corrupt(`${key} must be an integer from ${lowest} to ${highest}, is ${JSON.stringify(text.slice(0, 40))}`);
    }
    return number;
  }

  /** Exactly `count` numbers. */
  numbers(key: string, count: number): Float64Array {
    const words = wordsOf(this.text(key));
    if (words.length !== count) throw this.corrupt(`${key} must have ${count} numbers, has ${words.length}`);
    return Float64Array.from(words, (word) => this.number(key, word));
  }

  /** As many numbers as there are; lists of unequal length lie one behind the other, with spaces between. */
  allNumbers(key: string): Float64Array {
    return Float64Array.from(wordsOf(this.text(key)), (word) => this.number(key, word));
  }

  corrupt(problem: string): IsvcError {
    return new IsvcError('ISVC_MODEL_CORRUPT', `${this.name} ${problem}`, {
      path: this.file,
      hint: 'copy the file again and compare its checksum with the source',
    });
  }

  unsupported(problem: string, hint = 'export the model as ONNX'): IsvcError {
    return new IsvcError('ISVC_MODEL_UNSUPPORTED', `${this.name} ${problem}`, { path: this.file, hint });
  }

  private number(key: string, word: string): number {
    const number = Number(word);
    if (!Number.isNaN(number)) return number;
    const special = SPECIAL_NUMBERS[word.toLowerCase()];
    if (special === undefined) throw this.corrupt(`${key} holds ${JSON.stringify(word.slice(0, 40))}, not a number`);
    return special;
  }
}

/** How C++ writes what is no ordinary number. */
const SPECIAL_NUMBERS: Readonly<Record<string, number>> = Object.assign(Object.create(null) as Record<string, number>, {
  nan: Number.NaN, '-nan': Number.NaN, inf: Infinity, '-inf': -Infinity,
});

export interface Blocks {
  readonly header: Block;
  readonly trees: readonly Block[];
}

const TREE = 'Tree=';
const END_OF_TREES = 'end of trees';

/**
 * Cuts a text model into its header and its trees. What follows `end of trees` (importances, parameters) is not needed.
 *
 * @throws IsvcError ISVC_MODEL_CORRUPT where the end of the trees does not come, ISVC_MODEL_UNSUPPORTED for a text that
 * is longer than a JavaScript string can be.
 */
export function readBlocks(bytes: Buffer, file: string): Blocks {
  const end = endOfTrees(bytes);
  let values = new Map<string, string>();
  let name = 'the header';
  let header: Block | undefined;
  const trees: Block[] = [];
  const close = (): void => {
    const block = new Block(name, file, values);
    if (header) trees.push(block);
    else header = block;
  };
  // Names alone may be other than ASCII, and lines are short, so each is decoded by itself.
  for (let start = 0; start < (end < 0 ? bytes.length : end);) {
    const feed = bytes.indexOf(0x0a, start);
    const stop = feed < 0 ? bytes.length : feed;
    const line = decodeLine(bytes, start, stop, file);
    start = stop + 1;
    if (line.startsWith(TREE)) {
      close();
      values = new Map();
      name = `tree ${line.slice(TREE.length, TREE.length + 20)}`;
    } else if (line !== '') {
      const equals = line.indexOf('=');
      values.set(equals < 0 ? line : line.slice(0, equals), equals < 0 ? '' : line.slice(equals + 1));
    }
  }
  close();
  if (!header) throw new Error('unreachable: close() makes the header');
  if (end < 0) throw header.corrupt(`and ${trees.length} trees are not followed by "${END_OF_TREES}": the file is cut short`);
  return { header, trees };
}

function endOfTrees(bytes: Buffer): number {
  const end = bytes.indexOf(`\n${END_OF_TREES}`);
  return end < 0 ? end : end + 1;
}

function decodeLine(bytes: Buffer, start: number, end: number, file: string): string {
  try {
    const line = bytes.toString('utf8', start, end);
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  } catch (error) {
    throw new IsvcError('ISVC_MODEL_UNSUPPORTED', 'has a line of more than 512 MiB, the most that is read', { path: file, hint: 'fit smaller trees', cause: error });
  }
}

function wordsOf(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}
