import { addAnswers } from './add-answers';
import type { WalkKernel } from './walk-kernel';
import { type Code, moduleBytes, wasm, type WasmFunction } from '../web-assembly/assembler';

/** Rows compared at a time: four vectors, so that no comparison waits for the one before. */
export const ROWS = 16;
const VECTORS = ROWS / 4;

/** Bytes of a level: the byte offset of its column in a group of rows, and the border. */
export const LEVEL_BYTES = 8;

/** What the module exports; addresses and sizes are bytes. Values lie at 0, in groups of `ROWS` rows, column after column. */
export interface ObliviousKernel extends Pick<WalkKernel, 'addAnswers'> {
  /** Writes the leaf of each row, from `leaves` up to `end`, in the tree of the levels from `first` to `last`. */
  findLeaves(first: number, last: number, group: number, leaves: number, end: number): void;
}

const { get, set, i32, load, add, less, repeatWhile, when } = wasm;
const vectors = (make: (vector: number) => Code): Code => Array.from({ length: VECTORS }, (_, vector) => make(vector)).flat();

/** The answers of all levels are the bits of the leaf's number. */
function findLeaves(): WasmFunction {
  const [first, last, group, leaves, end, level, row, column] = [0, 1, 2, 3, 4, 5, 6, 7];
  const [border, bit, leaf] = [8, 9, 10];
  const body = repeatWhile([
    ...set(column, add(get(row), load(get(level), 0))),
    ...set(border, wasm.loadInAllLanes(get(level), 4)),
    ...vectors((vector) => set(leaf + vector, wasm.orVector(get(leaf + vector), wasm.andVector(wasm.greaterInLanes(wasm.loadVector(get(column), vector * 16), get(border)), get(bit))))),
    ...set(bit, wasm.shiftLanesLeft(get(bit), 1)),
    ...set(level, add(get(level), i32(LEVEL_BYTES))),
  ], less(get(level), get(last)));
  const code = repeatWhile([
    ...set(level, get(first)),
    ...set(bit, wasm.inAllLanes(i32(1))),
    ...vectors((vector) => set(leaf + vector, wasm.inAllLanes(i32(0)))),
    ...when(less(get(level), get(last)), body),
    ...vectors((vector) => wasm.storeVector(get(leaves), vector * 16, get(leaf + vector))),
    ...set(row, add(get(row), get(group))),
    ...set(leaves, add(get(leaves), i32(ROWS * 4))),
  ], less(get(leaves), get(end)));
  return { name: 'findLeaves', parameters: 5, locals: 3, vectors: 2 + VECTORS, code };
}

/** The module for leaves of `width` numbers. */
export function obliviousKernelBytes(width: number): Uint8Array<ArrayBuffer> {
  return moduleBytes([findLeaves(), addAnswers(width, 8)]);
}
