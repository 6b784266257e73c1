import { type Code, moduleBytes, wasm, type WasmFunction } from './wasm-assembler';

/**
 * Bytes of a node: key, byte offset of the column of keys it is compared with, address of the left child. The right child
 * lies behind the left one, and is where a row goes whose key is not less. A leaf compares the column at 0, which is less
 * than nothing, and has the address before its own, so that the walk stays; its key is its number. The fourth word, which
 * is not used, keeps a node within one cache line and its position a shift away.
 */
export const NODE_BYTES = 16;
const NODE_SHIFT = 4;
const KEY = 0;
const COLUMN = 4;
const CHILD = 8;

/** Rows, or trees, that walk at a time: each waits for memory at every step, and sixteen registers hold no more. */
export const LANES = 8;

/** Bytes of a group of trees: the roots, then `steps` and `watch` as `walkRows` has them. */
export const GROUP_BYTES = (LANES + 2) * 4;

/** What the module exports; addresses and sizes are bytes of its memory. */
export interface WalkKernel {
  /**
   * Walks rows from 0 to `end` (4 bytes each), `LANES` at a time, down the tree at `root`, and writes the number of each
   * one's leaf: `steps` steps, and where `watch` is not zero more until none of them moves any more.
   */
  walkRows(root: number, steps: number, watch: number, end: number, leaves: number): void;
  /** Walks the first row down the groups of trees from `group` to `end`, and writes the number of each tree's leaf. */
  walkTrees(group: number, end: number, leaves: number): void;
  /** Adds the answers of the leaves listed from `leaves` to `end` to the numbers at `out`, `stride` bytes a row. */
  addAnswers(leaves: number, end: number, values: number, out: number, stride: number): void;
}

const { get, set, i32, load, store, add, subtract, shiftLeft, or, xor, notLess, less, repeatWhile, when } = wasm;
const lanes = <T>(make: (lane: number) => T): T[] => Array.from({ length: LANES }, (_, lane) => make(lane));
const laneBytes = i32(4 * LANES);

/** Locals of a walk; `watch` is a condition. */
interface Lanes {
  /** The node of the first lane; those of the others follow. */
  readonly first: number;
  readonly steps: number;
  readonly watch: Code;
  readonly moved: number;
  readonly before: number;
}

/** The node that follows `node` for the row whose keys lie at `row + column + offset`. */
function next(node: Code, row: Code | undefined, offset: number): Code {
  const column = load(node, COLUMN);
  const value = load(row ? add(row, column) : column, offset);
  // Comparisons are arithmetic: a processor guesses half of the branches of a tree wrong.
  return add(load(node, CHILD), shiftLeft(notLess(value, load(node, KEY)), NODE_SHIFT));
}

/** The steps of all lanes, which stay at a leaf. Leaves the locals `steps` and `moved` changed. */
function descend({ first, steps, watch, moved, before }: Lanes, row: Code | undefined, spacing: number): Code {
  const node = (lane: number): number => first + lane;
  const plain = lanes((lane) => set(node(lane), next(get(node(lane)), row, lane * spacing))).flat();
  const watched = lanes((lane) => [
    ...set(before, get(node(lane))),
    ...set(node(lane), next(get(node(lane)), row, lane * spacing)),
    ...set(moved, or(get(moved), xor(get(before), get(node(lane))))),
  ]).flat();
  return [
    ...when(get(steps), repeatWhile([...plain, ...set(steps, subtract(get(steps), i32(1)))], get(steps))),
    ...when(watch, repeatWhile([...plain, ...set(moved, i32(0)), ...watched], get(moved))),
  ];
}

function walkRows(): WasmFunction {
  const [root, steps, watch, end, leaves, row, left, moved, before, first] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const code = repeatWhile([
    ...lanes((lane) => set(first + lane, get(root))).flat(),
    ...set(left, get(steps)),
    ...descend({ first, steps: left, watch: get(watch), moved, before }, get(row), 4),
    ...lanes((lane) => store(add(get(row), get(leaves)), lane * 4, load(get(first + lane), KEY))).flat(),
    ...set(row, add(get(row), laneBytes)),
  ], less(get(row), get(end)));
  return { name: 'walkRows', parameters: 5, locals: 4 + LANES, code };
}

function walkTrees(): WasmFunction {
  const [group, end, leaves, left, moved, before, first] = [0, 1, 2, 3, 4, 5, 6];
  const code = repeatWhile([
    ...lanes((lane) => set(first + lane, load(get(group), lane * 4))).flat(),
    ...set(left, load(get(group), LANES * 4)),
    ...descend({ first, steps: left, watch: load(get(group), LANES * 4 + 4), moved, before }, undefined, 0),
    ...lanes((lane) => store(get(leaves), lane * 4, load(get(first + lane), KEY))).flat(),
    ...set(leaves, add(get(leaves), laneBytes)),
    ...set(group, add(get(group), i32(GROUP_BYTES))),
  ], less(get(group), get(end)));
  return { name: 'walkTrees', parameters: 3, locals: 3 + LANES, code };
}

/** Answers of more numbers than this are added in a loop. */
const UNROLLED = 8;

/** For answers of `width` numbers. */
function addAnswers(width: number): WasmFunction {
  const [leaves, end, values, out, stride, from, number] = [0, 1, 2, 3, 4, 5, 6];
  const addOne = (at: Code, source: Code, offset: number): Code => wasm.storeDouble(at, offset, wasm.addDouble(wasm.loadDouble(at, offset), wasm.loadDouble(source, offset)));
  const unrolled = Array.from({ length: Math.min(width, UNROLLED) }, (_, index) => addOne(get(out), get(from), index * 8)).flat();
  const all = width <= UNROLLED ? unrolled : repeatWhile([
    ...addOne(add(get(out), get(number)), add(get(from), get(number)), 0),
    ...set(number, add(get(number), i32(8))),
  ], less(get(number), i32(width * 8)));
  const code = repeatWhile([
    ...set(from, add(get(values), wasm.multiply(load(get(leaves), 0), i32(width * 8)))),
    ...set(number, i32(0)),
    ...all,
    ...set(out, add(get(out), get(stride))),
    ...set(leaves, add(get(leaves), i32(4))),
  ], less(get(leaves), get(end)));
  return { name: 'addAnswers', parameters: 5, locals: 2, code };
}

/** The module for trees whose answers are `width` numbers. */
export function walkKernelBytes(width: number): Uint8Array<ArrayBuffer> {
  return moduleBytes([walkRows(), walkTrees(), addAnswers(width)]);
}
