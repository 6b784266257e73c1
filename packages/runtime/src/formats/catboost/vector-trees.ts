import { LEVEL_BYTES, type ObliviousKernel, obliviousKernelBytes, ROWS } from '../trees/oblivious-kernel';
import { MAX_BYTES, WasmProgram } from '../web-assembly/program';
import type { Trees } from './trees';

/** Oblivious trees, checked. */
export interface ObliviousTables {
  /** Column and border of each level of each tree. */
  readonly columns: Int32Array;
  readonly borders: Float32Array;
  /** Level behind the last one of each tree. */
  readonly ends: Int32Array;
  /** `outputs` numbers for each leaf of each tree. */
  readonly leaves: readonly Float64Array[];
  readonly outputs: number;
}

/** Rows of a block, a multiple of `ROWS`. */
const BLOCK_ROWS = 256;

const programs = new Map<number, WasmProgram | undefined>();

/** Trees of which a WebAssembly kernel compares sixteen rows at a time (docs/adr/0007). */
export class VectorTrees implements Trees {
  private readonly kernel: ObliviousKernel;
  private readonly outputs: number;
  /** The columns that are compared. */
  private readonly used: Int32Array;
  private readonly singles: Float32Array;
  private readonly doubles: Float64Array;
  private readonly group: number;
  private readonly leavesAt: number;
  private readonly sumsAt: number;
  /** First level, last level and answers of each tree, as addresses. */
  private readonly trees: Int32Array;

  private constructor(tables: ObliviousTables, used: ReadonlyMap<number, number>, layout: Layout, kernel: ObliviousKernel, memory: ArrayBuffer) {
    const { columns, borders, ends, leaves } = tables;
    this.kernel = kernel;
    this.outputs = tables.outputs;
    this.used = Int32Array.from(used.keys());
    this.singles = new Float32Array(memory);
    this.doubles = new Float64Array(memory);
    this.group = layout.group;
    this.leavesAt = layout.leaves;
    this.sumsAt = layout.sums;
    const words = new Int32Array(memory);
    columns.forEach((column, level) => {
      words[(layout.levels + level * LEVEL_BYTES) / 4] = (used.get(column) as number) * ROWS * 4;
      this.singles[(layout.levels + level * LEVEL_BYTES) / 4 + 1] = borders[level] as number;
    });
    this.trees = new Int32Array(ends.length * 3);
    let answers = layout.answers;
    leaves.forEach((values, tree) => {
      this.trees.set([layout.levels + (ends[tree - 1] ?? 0) * LEVEL_BYTES, layout.levels + (ends[tree] as number) * LEVEL_BYTES, answers], tree * 3);
      this.doubles.set(values, answers / 8);
      answers += values.byteLength;
    });
  }

  /** @returns `undefined` where the kernel cannot have the memory it needs, or there is no WebAssembly with vectors. */
  static of(tables: ObliviousTables): VectorTrees | undefined {
    const { columns, leaves, outputs } = tables;
    const used = new Map<number, number>();
    for (const column of columns) if (!used.has(column)) used.set(column, used.size);
    const layout = layoutOf(used.size, columns.length, leaves.reduce((sum, { length }) => sum + length, 0), outputs);
    if (layout.bytes > MAX_BYTES) return undefined;
    if (!programs.has(outputs)) programs.set(outputs, WasmProgram.of(obliviousKernelBytes(outputs)));
    const running = programs.get(outputs)?.over(layout.bytes);
    return running && new VectorTrees(tables, used, layout, running.exports as ObliviousKernel, running.buffer);
  }

  addTo(sums: Float64Array, rows: Float32Array, columns: number, count: number): void {
    const { kernel, trees, group, outputs, leavesAt, sumsAt } = this;
    for (let first = 0; first < count; first += BLOCK_ROWS) {
      const size = Math.min(BLOCK_ROWS, count - first);
      this.place(rows, columns, first, size);
      const block = this.doubles.subarray(sumsAt / 8, sumsAt / 8 + size * outputs);
      block.set(sums.subarray(first * outputs, (first + size) * outputs));
      const end = leavesAt + size * 4;
      for (let tree = 0; tree < trees.length; tree += 3) {
        // Rows up to a multiple of sixteen: those behind the last have values of earlier blocks, and nobody reads their leaves.
        kernel.findLeaves(trees[tree] as number, trees[tree + 1] as number, group, leavesAt, end);
        kernel.addAnswers(leavesAt, end, trees[tree + 2] as number, sumsAt, outputs * 8);
      }
      sums.set(block, first * outputs);
    }
  }

  private place(rows: Float32Array, columns: number, first: number, count: number): void {
    const { used, singles, group } = this;
    for (let row = 0; row < count; row++) {
      const from = (first + row) * columns;
      let at = (Math.floor(row / ROWS) * group) / 4 + (row % ROWS);
      for (let index = 0; index < used.length; index++, at += ROWS) singles[at] = rows[from + (used[index] as number)] as number;
    }
  }
}

/** Where what lies, in bytes. */
interface Layout {
  readonly group: number;
  readonly leaves: number;
  readonly sums: number;
  readonly levels: number;
  readonly answers: number;
  readonly bytes: number;
}

function layoutOf(columns: number, levels: number, answers: number, outputs: number): Layout {
  const group = columns * ROWS * 4;
  const leavesAt = (BLOCK_ROWS / ROWS) * group;
  const sums = leavesAt + BLOCK_ROWS * 4;
  const levelsAt = sums + BLOCK_ROWS * outputs * 8;
  const answersAt = levelsAt + levels * LEVEL_BYTES;
  return { group, leaves: leavesAt, sums, levels: levelsAt, answers: answersAt, bytes: answersAt + answers * 8 };
}
