import { ALWAYS_LESS, isMissing, keyOfBits, NEVER_LESS } from './float-keys';
import { type KernelLayout, kernelLayout } from './kernel-layout';
import { type KernelTree, type PlacedTree, slotOf } from './kernel-tree';
import { placeTree } from './place-tree';
import { COLUMN_BYTES, CONSTANT_COLUMNS, GROUP_BYTES, LANES, NARROW, type WalkKernel, walkKernelBytes } from './walk-kernel';
import { WasmProgram } from './web-assembly';

const programs = new Map<string, WasmProgram | undefined>();

/**
 * Trees that a WebAssembly kernel walks without branches, eight rows at a time, or eight trees at a time for a single row
 * (docs/adr/0007). Answers are added in the order of the trees, so that sums are the same to the last bit.
 */
export class KernelTrees {
  private readonly kernel: WalkKernel;
  private readonly layout: KernelLayout;
  private readonly width: number;
  private readonly sums: number;
  /** For each column of keys the feature, and the key of a missing value. */
  private readonly features: Int32Array;
  private readonly missing: Int32Array;
  private readonly placed: readonly PlacedTree[];
  private readonly words: Int32Array;
  /** The same memory. */
  private readonly singles: Float32Array;
  private readonly doubles: Float64Array;

  private constructor(trees: readonly KernelTree[], slots: ReadonlyMap<number, number>, width: number, sums: number, layout: KernelLayout, kernel: WalkKernel, memory: ArrayBuffer) {
    this.kernel = kernel;
    this.layout = layout;
    this.width = width;
    this.sums = sums;
    this.features = Int32Array.from(slots.keys(), (slot) => slot >> 1);
    this.missing = Int32Array.from(slots.keys(), (slot) => ((slot & 1) === 1 ? ALWAYS_LESS : NEVER_LESS));
    this.words = new Int32Array(memory);
    this.singles = new Float32Array(memory);
    this.doubles = new Float64Array(memory);
    for (let at = 0; at < (layout.rows / LANES) * layout.group; at += layout.group) {
      this.words.fill(NEVER_LESS, at / 4, (at + COLUMN_BYTES) / 4);
      this.words.fill(ALWAYS_LESS, (at + COLUMN_BYTES) / 4, (at + 2 * COLUMN_BYTES) / 4);
    }
    const next = { at: layout.nodes, leaf: 0 };
    this.placed = trees.map((tree) => placeTree(tree, { layout, memory, slots, width, next }));
    this.placeGroups();
  }

  /**
   * @param width numbers of each answer. @param sums numbers of each row that they are added to: where that is not
   * `width`, one tree after the other adds to the next of them.
   * @returns `undefined` where the kernel cannot have the memory it needs, or there is no WebAssembly.
   */
  static of(trees: readonly KernelTree[], width: number, sums: number): KernelTrees | undefined {
    const slots = new Map<number, number>();
    let nodes = 0;
    let mostNodes = 0;
    let leaves = 0;
    for (const tree of trees) {
      nodes += tree.count;
      mostNodes = Math.max(mostNodes, tree.count);
      for (let node = 0; node < tree.count; node++) {
        const slot = slotOf(tree, node);
        if (slot < 0) leaves += 1;
        else if (!slots.has(slot)) slots.set(slot, slots.size + CONSTANT_COLUMNS);
      }
    }
    const layout = kernelLayout({ trees: trees.length, nodes, mostNodes, leaves, columns: slots.size, width, sums });
    if (!layout) return undefined;
    const running = programFor(layout, width)?.over(layout.bytes);
    return running && new KernelTrees(trees, slots, width, sums, layout, running.exports as WalkKernel, running.buffer);
  }

  /**
   * Adds the answers of all trees for the rows from `first` up to `end` to the front of `out`.
   *
   * @param data `columns` numbers a row.
   */
  add(data: Float64Array, columns: number, first: number, end: number, out: Float64Array): void {
    const { rows, sums: sumsAt } = this.layout;
    for (let from = first; from < end; from += rows) {
      const count = Math.min(rows, end - from);
      const target = (from - first) * this.sums;
      if (count < LANES) {
        for (let row = 0; row < count; row++) this.addRow(data, columns, from + row, out, target + row * this.sums);
        continue;
      }
      this.writeKeys(data, columns, from, count);
      const block = this.doubles.subarray(sumsAt / 8, sumsAt / 8 + count * this.sums);
      block.set(out.subarray(target, target + block.length));
      this.addBlock(count);
      out.set(block, target);
    }
  }

  private addBlock(count: number): void {
    const { kernel, placed, width, sums, layout: { group, leaves, values, sums: sumsAt } } = this;
    const end = leaves + count * 4;
    for (let index = 0; index < placed.length; index++) {
      const { at, steps, watch } = placed[index] as PlacedTree;
      // Rows up to a multiple of the lanes: those behind the last have keys of earlier blocks, and nobody reads their leaves.
      kernel.walkRows(at, steps, watch, group, leaves, end);
      const offset = width === sums ? 0 : (index % sums) * 8;
      kernel.addAnswers(leaves, end, values, sumsAt + offset, sums * 8);
    }
  }

  private addRow(data: Float64Array, columns: number, row: number, out: Float64Array, target: number): void {
    const { words, doubles, width, sums, layout: { groups, leaves, values } } = this;
    const count = this.placed.length;
    this.writeKeys(data, columns, row, 1);
    this.kernel.walkTrees(groups, groups + Math.ceil(count / LANES) * GROUP_BYTES, leaves);
    for (let tree = 0; tree < count; tree++) {
      const answer = values / 8 + (words[leaves / 4 + tree] as number) * width;
      const at = width === sums ? target : target + (tree % sums);
      for (let index = 0; index < width; index++) out[at + index] = (out[at + index] as number) + (doubles[answer + index] as number);
    }
  }

  private writeKeys(data: Float64Array, columns: number, first: number, count: number): void {
    const { features, missing, words, singles, layout: { group } } = this;
    for (let row = 0; row < count; row++) {
      const from = (first + row) * columns;
      let at = (Math.floor(row / LANES) * group + CONSTANT_COLUMNS * COLUMN_BYTES) / 4 + (row % LANES);
      for (let column = 0; column < features.length; column++, at += LANES) {
        singles[at] = data[from + (features[column] as number)] as number;
        const bits = words[at] as number;
        words[at] = isMissing(bits) ? (missing[column] as number) : keyOfBits(bits);
      }
    }
  }

  private placeGroups(): void {
    const { words, placed, layout: { groups } } = this;
    for (let first = 0, at = groups / 4; first < placed.length; first += LANES, at += GROUP_BYTES / 4) {
      const members = placed.slice(first, first + LANES);
      // The last tree fills up the last group.
      for (let lane = 0; lane < LANES; lane++) words[at + lane] = (members[lane] ?? (members.at(-1) as PlacedTree)).at;
      words[at + LANES] = Math.max(...members.map(({ steps }) => steps));
      words[at + LANES + 1] = Math.max(...members.map(({ watch }) => watch));
    }
  }
}

function programFor({ form }: KernelLayout, width: number): WasmProgram | undefined {
  const name = `${form === NARROW ? 'narrow' : 'wide'} ${width}`;
  if (!programs.has(name)) programs.set(name, WasmProgram.of(walkKernelBytes(form, width)));
  return programs.get(name);
}
