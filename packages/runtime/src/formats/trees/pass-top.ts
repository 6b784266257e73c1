import { BELOW_TOP, type NodeForm, ROWS, TOP_NODE } from './node-form';
import { type Code, wasm, type WasmFunction } from '../web-assembly/assembler';

/** Vectors of masks, each of eight rows. */
const MASKS = ROWS / 8;

/** Locals of `passTop`, and how many vectors it needs from `vectors` on. */
export interface TopLocals {
  readonly top: number;
  readonly topEnd: number;
  /** The keys of the group, and where its nodes go. */
  readonly row: number;
  readonly leaves: number;
  /** To be changed. */
  readonly node: number;
  readonly column: number;
  readonly vectors: number;
}

export const TOP_VECTORS = 2 + MASKS;

const { get, set, i32, load, store, add, shiftLeft, less, repeatWhile } = wasm;
const times = (count: number, make: (index: number) => Code): Code => Array.from({ length: count }, (_, index) => make(index)).flat();

/**
 * Writes what lies below the top for each row of a group. All nodes of the top are compared with all rows, by vectors:
 * without a load that waits for another. A row keeps what every comparison leaves possible, and takes the first of it
 * (QuickScorer's rule).
 */
export function passTop({ keyBytes }: NodeForm, { top, topEnd, row, leaves, node, column, vectors }: TopLocals): Code {
  const [key, mask, possible] = [vectors, vectors + 1, vectors + 2];
  const greater = (index: number): Code => wasm.greaterIntegers(get(key), wasm.loadVector(get(column), index * 16));
  const greaterLong = (index: number): Code => wasm.greaterLongs(get(key), wasm.loadVector(get(column), index * 16));
  const four = (index: number): Code => (keyBytes === 4 ? greater(index) : wasm.halvesOfLongs(greaterLong(2 * index), greaterLong(2 * index + 1)));
  return [
    ...times(MASKS, (index) => set(possible + index, wasm.allOnes())),
    ...set(node, get(top)),
    // A loop, so that the compiler cannot load for all nodes first and run out of registers.
    ...repeatWhile([
      ...set(column, add(get(row), load(get(node), TOP_NODE.column))),
      ...set(key, keyBytes === 4 ? wasm.loadInAllLanes(get(node), 0) : wasm.loadLongInAllLanes(get(node), 0)),
      ...set(mask, wasm.loadShortInAllLanes(get(node), TOP_NODE.mask)),
      ...times(MASKS, (index) => set(possible + index, wasm.andVector(get(possible + index), wasm.orVector(get(mask), wasm.narrow(four(2 * index), four(2 * index + 1)))))),
      ...set(node, add(get(node), i32(TOP_NODE.bytes))),
    ], less(get(node), get(topEnd))),
    // Masks lie where the last rows' nodes come, which are written after theirs are read.
    ...times(MASKS, (index) => wasm.storeVector(get(leaves), ROWS * 2 + index * 16, get(possible + index))),
    ...times(ROWS, (lane) => store(get(leaves), lane * 4, load(add(get(top), shiftLeft(wasm.trailingZeros(wasm.loadShort(get(leaves), ROWS * 2 + lane * 2)), 2)), BELOW_TOP))),
  ];
}

/** `WalkKernel.passTops`. */
export function passTops(form: NodeForm): WasmFunction {
  const [top, topEnd, group, leaves, end, row, node, column, vectors] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const code = repeatWhile([
    ...passTop(form, { top, topEnd, row, leaves, node, column, vectors }),
    ...set(row, add(get(row), get(group))),
    ...set(leaves, add(get(leaves), i32(ROWS * 4))),
  ], less(get(leaves), get(end)));
  return { name: 'passTops', parameters: 5, locals: 3, vectors: TOP_VECTORS, code };
}
