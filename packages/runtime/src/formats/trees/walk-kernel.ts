import { type Code, moduleBytes, wasm, type WasmFunction } from './wasm-assembler';

/** Rows, or trees, that walk at a time: each waits for memory at every step, and sixteen registers hold no more. */
export const LANES = 8;

/**
 * Keys lie in groups of `LANES` rows, column after column. The first columns of every group are constant: keys that are
 * never and always less.
 */
export const CONSTANT_COLUMNS = 2;

/**
 * How a node lies in memory: its key, then the byte offset of the column it compares and the number of the pair of its
 * children, both as long as `operandBytes`. A row whose key is less goes to the first of the pair, any other to the second.
 * A tree begins with pair 0, whose second node is the root. A leaf names its own pair and the constant column that leads
 * back to it, so that the walk stays; its key is its number.
 */
export interface NodeForm {
  /** A node is two to the power of this many bytes. */
  readonly shift: 3 | 4;
  readonly keyBytes: 4 | 8;
  readonly operandBytes: 2 | 4;
}

/** Half of the memory, for trees of up to 65,536 pairs over columns up to this many bytes: measured a fifth faster. */
export const NARROW: NodeForm = { shift: 3, keyBytes: 4, operandBytes: 2 };
export const WIDE: NodeForm = { shift: 4, keyBytes: 4, operandBytes: 4 };
/** Keys of numbers of double precision. */
export const DOUBLE: NodeForm = { shift: 4, keyBytes: 8, operandBytes: 4 };
export const NARROW_LIMIT = 2 ** 16;

/** Bytes of a group of trees: where they begin, then `steps` and `watch` as `walkRows` has them. */
export const GROUP_BYTES = (LANES + 2) * 4;

/** What the module exports; addresses and sizes are bytes of its memory, in which keys lie at 0. */
export interface WalkKernel {
  /**
   * Walks rows, `LANES` at a time, down a tree, and writes the number of each one's leaf from `leaves` up to `end`:
   * `steps` steps, and where `watch` is not zero more until none of them moves any more.
   *
   * @param group size of a group of keys.
   */
  walkRows(tree: number, steps: number, watch: number, group: number, leaves: number, end: number): void;
  /** Walks the first row down the groups of trees from `trees` to `end`, and writes the number of each tree's leaf. */
  walkTrees(trees: number, end: number, leaves: number): void;
  /** Adds the answers of the leaves listed from `leaves` to `end` to the numbers at `out`, `stride` bytes a row. */
  addAnswers(leaves: number, end: number, values: number, out: number, stride: number): void;
}

/** Answers of more numbers than this are added in a loop. */
const UNROLLED = 8;

const { get, set, i32, load, store, add, subtract, shiftLeft, or, xor, notLess, less, repeatWhile, when } = wasm;
const lanes = (make: (lane: number) => Code): Code => Array.from({ length: LANES }, (_, lane) => make(lane)).flat();

/** Locals of a walk; `watch` is a condition, `tree` what a lane walks down, `row` and `key` the addresses of its keys. */
interface Walk {
  /** The node of the first lane; those of the others follow. */
  readonly first: number;
  readonly steps: number;
  readonly watch: Code;
  readonly moved: number;
  readonly before: number;
  tree(lane: number): Code;
  key(lane: number, column: Code): { readonly address: Code; readonly offset: number };
}

/** The node after that of a lane. Comparisons are arithmetic: a processor guesses half of the branches of a tree wrong. */
function next({ shift, keyBytes, operandBytes }: NodeForm, walk: Walk, lane: number): Code {
  const node = get(walk.first + lane);
  const operand = (index: number): Code => (operandBytes === 2 ? wasm.loadShort : load)(node, keyBytes + index * operandBytes);
  const pair = add(walk.tree(lane), shiftLeft(operand(1), shift + 1));
  const { address, offset } = walk.key(lane, operand(0));
  const second = keyBytes === 4 ? notLess(load(address, offset), load(node, 0)) : wasm.notLessLong(wasm.loadLong(address, offset), wasm.loadLong(node, 0));
  return add(pair, shiftLeft(second, shift));
}

/** The steps of all lanes from the roots on, which leaves the locals changed. */
function descend(form: NodeForm, walk: Walk): Code {
  const { first, steps, watch, moved, before } = walk;
  const plain = lanes((lane) => set(first + lane, next(form, walk, lane)));
  const watched = lanes((lane) => [
    ...set(before, get(first + lane)),
    ...set(first + lane, next(form, walk, lane)),
    ...set(moved, or(get(moved), xor(get(before), get(first + lane)))),
  ]);
  return [
    ...lanes((lane) => set(first + lane, add(walk.tree(lane), i32(1 << form.shift)))),
    ...when(get(steps), repeatWhile([...plain, ...set(steps, subtract(get(steps), i32(1)))], get(steps))),
    ...when(watch, repeatWhile([...plain, ...set(moved, i32(0)), ...watched], get(moved))),
  ];
}

function walkRows(form: NodeForm): WasmFunction {
  const [tree, steps, watch, group, leaves, end, row, left, moved, before, first] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const walk: Walk = { first, steps: left, watch: get(watch), moved, before, tree: () => get(tree), key: (lane, column) => ({ address: add(get(row), column), offset: lane * form.keyBytes }) };
  const code = repeatWhile([
    ...set(left, get(steps)),
    ...descend(form, walk),
    ...lanes((lane) => store(get(leaves), lane * 4, load(get(first + lane), 0))),
    ...set(row, add(get(row), get(group))),
    ...set(leaves, add(get(leaves), i32(LANES * 4))),
  ], less(get(leaves), get(end)));
  return { name: 'walkRows', parameters: 6, locals: 4 + LANES, code };
}

function walkTrees(form: NodeForm): WasmFunction {
  const [trees, end, leaves, left, moved, before, first] = [0, 1, 2, 3, 4, 5, 6];
  const watch = load(get(trees), LANES * 4 + 4);
  const walk: Walk = { first, steps: left, watch, moved, before, tree: (lane) => load(get(trees), lane * 4), key: (_, column) => ({ address: column, offset: 0 }) };
  const code = repeatWhile([
    ...set(left, load(get(trees), LANES * 4)),
    ...descend(form, walk),
    ...lanes((lane) => store(get(leaves), lane * 4, load(get(first + lane), 0))),
    ...set(leaves, add(get(leaves), i32(LANES * 4))),
    ...set(trees, add(get(trees), i32(GROUP_BYTES))),
  ], less(get(trees), get(end)));
  return { name: 'walkTrees', parameters: 3, locals: 3 + LANES, code };
}

/** `WalkKernel.addAnswers` for answers of `width` numbers of `bytes` bytes. */
export function addAnswers(width: number, bytes: 4 | 8): WasmFunction {
  const [leaves, end, values, out, stride, from, number] = [0, 1, 2, 3, 4, 5, 6];
  const addOne = (at: Code, source: Code, offset: number): Code => (bytes === 4
    ? wasm.storeSingle(at, offset, wasm.addSingle(wasm.loadSingle(at, offset), wasm.loadSingle(source, offset)))
    : wasm.storeDouble(at, offset, wasm.addDouble(wasm.loadDouble(at, offset), wasm.loadDouble(source, offset))));
  const unrolled = Array.from({ length: Math.min(width, UNROLLED) }, (_, index) => addOne(get(out), get(from), index * bytes)).flat();
  const all = width <= UNROLLED ? unrolled : repeatWhile([
    ...addOne(add(get(out), get(number)), add(get(from), get(number)), 0),
    ...set(number, add(get(number), i32(bytes))),
  ], less(get(number), i32(width * bytes)));
  const code = repeatWhile([
    ...set(from, add(get(values), wasm.multiply(load(get(leaves), 0), i32(width * bytes)))),
    ...set(number, i32(0)),
    ...all,
    ...set(out, add(get(out), get(stride))),
    ...set(leaves, add(get(leaves), i32(4))),
  ], less(get(leaves), get(end)));
  return { name: 'addAnswers', parameters: 5, locals: 2, code };
}

/** The module for trees of nodes of this form whose answers are `width` numbers of `bytes` bytes. */
export function walkKernelBytes(form: NodeForm, width: number, bytes: 4 | 8): Uint8Array<ArrayBuffer> {
  return moduleBytes([walkRows(form), walkTrees(form), addAnswers(width, bytes)]);
}
