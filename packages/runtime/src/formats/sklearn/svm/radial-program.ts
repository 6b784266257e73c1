import { type Code, moduleBytes, wasm, type WasmFunction } from '../../web-assembly/assembler';
import { raiseInLanes } from '../numeric/raise-in-lanes';
import { FOUR } from './vectors-by-fours';

/** Rows that are compared with a support vector at a time: two vectors of two numbers. */
export const ROWS = 4;

/** Bytes of a number of each row. */
export const GROUP_BYTES = ROWS * 8;

/** Addresses of the first coefficient, the end of them, the similarities to the first vector, and the sums. */
export const RUN_WORDS = 4;

/** What the module exports; addresses are bytes. Numbers of a group of rows lie beside each other, as those of four vectors do. */
export interface RadialProgram {
  /** Writes `-gamma` times the squared distance of each row of a group to each vector to `out`. */
  compare(group: number, groupEnd: number, vectors: number, vectorsEnd: number, minusGamma: number, out: number): void;
  /** See `raiseInLanes`. */
  raise(from: number, end: number, inRange: number): void;
  /** Adds the similarities of each run, times their coefficients, to its sums of the rows of a group. No run is empty. */
  addRuns(runs: number, runsEnd: number): void;
}

const { get, set, i32, load, add, less, repeatWhile, addDoubles, subtractDoubles, multiplyDoubles } = wasm;
const times = (count: number, make: (index: number) => Code): Code => Array.from({ length: count }, (_, index) => make(index)).flat();

/** Sums run in the order of the features, as `RadialKernel` has them. */
function compare(): WasmFunction {
  const [group, groupEnd, vectors, vectorsEnd, minusGamma, out, at] = [0, 1, 2, 3, 4, 5, 6];
  const [low, high, value, difference, sums] = [7, 8, 9, 10, 11];
  const addSquare = (row: number, sum: number): Code => [
    ...set(difference, subtractDoubles(get(row), get(value))),
    ...set(sum, addDoubles(get(sum), multiplyDoubles(get(difference), get(difference)))),
  ];
  const code = repeatWhile([
    ...set(at, get(group)),
    ...times(2 * FOUR, (sum) => set(sums + sum, wasm.allZeros())),
    ...repeatWhile([
      ...set(low, wasm.loadVector(get(at), 0)),
      ...set(high, wasm.loadVector(get(at), 16)),
      ...times(FOUR, (vector) => [
        ...set(value, wasm.loadLongInAllLanes(get(vectors), vector * 8)),
        ...addSquare(low, sums + 2 * vector),
        ...addSquare(high, sums + 2 * vector + 1),
      ]),
      ...set(at, add(get(at), i32(GROUP_BYTES))),
      ...set(vectors, add(get(vectors), i32(FOUR * 8))),
    ], less(get(at), get(groupEnd))),
    ...set(value, wasm.loadLongInAllLanes(get(minusGamma), 0)),
    ...times(2 * FOUR, (sum) => wasm.storeVector(get(out), sum * 16, multiplyDoubles(get(value), get(sums + sum)))),
    ...set(out, add(get(out), i32(FOUR * GROUP_BYTES))),
  ], less(get(vectors), get(vectorsEnd)));
  return { name: 'compare', parameters: 6, locals: 1, vectors: 4 + 2 * FOUR, code };
}

function addRuns(): WasmFunction {
  const [runs, runsEnd, coefficients, end, similarities, sums] = [0, 1, 2, 3, 4, 5];
  const [coefficient, low, high] = [6, 7, 8];
  const addTerm = (to: number, offset: number): Code => set(to, addDoubles(get(to), multiplyDoubles(get(coefficient), wasm.loadVector(get(similarities), offset))));
  const code = repeatWhile([
    ...[coefficients, end, similarities, sums].flatMap((local, word) => set(local, load(get(runs), word * 4))),
    ...set(low, wasm.loadVector(get(sums), 0)),
    ...set(high, wasm.loadVector(get(sums), 16)),
    ...repeatWhile([
      ...set(coefficient, wasm.loadLongInAllLanes(get(coefficients), 0)),
      ...addTerm(low, 0),
      ...addTerm(high, 16),
      ...set(coefficients, add(get(coefficients), i32(8))),
      ...set(similarities, add(get(similarities), i32(GROUP_BYTES))),
    ], less(get(coefficients), get(end))),
    ...wasm.storeVector(get(sums), 0, get(low)),
    ...wasm.storeVector(get(sums), 16, get(high)),
    ...set(runs, add(get(runs), i32(RUN_WORDS * 4))),
  ], less(get(runs), get(runsEnd)));
  return { name: 'addRuns', parameters: 2, locals: 4, vectors: 3, code };
}

export function radialProgramBytes(): Uint8Array<ArrayBuffer> {
  return moduleBytes([compare(), raiseInLanes(), addRuns()]);
}
