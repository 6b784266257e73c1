import { ALWAYS_LESS, isMissing, keyOfBits, NEVER_LESS } from './float-keys';
import { type KernelLayout, kernelLayout } from './kernel-layout';
import { GROUP_BYTES, LANES, NODE_BYTES, type WalkKernel, walkKernelBytes } from './walk-kernel';
import { WasmProgram } from './web-assembly';

/** A checked tree over rows of single-precision numbers; its nodes have any numbers, its root is 0. */
export interface KernelTree {
  readonly count: number;
  /** Below zero for a leaf. */
  feature(node: number): number;
  left(node: number): number;
  right(node: number): number;
  /** A number goes left when its key is less than this (see `float-keys`). */
  key(node: number): number;
  missingLeft(node: number): boolean;
  /** Writes the numbers of a leaf's answer to `out`, from `start` on. */
  answer(node: number, out: Float64Array, start: number): void;
}

/** A tree in the memory of the kernel. */
interface Placed {
  readonly root: number;
  readonly steps: number;
  readonly watch: 0 | 1;
}

const programs = new Map<number, WasmProgram | undefined>();

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
  private readonly placed: readonly Placed[];
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
    this.words.fill(NEVER_LESS, 0, layout.stride / 4);
    const next = { node: layout.nodes, leaf: 0 };
    this.placed = trees.map((tree) => this.place(tree, slots, next));
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
    let leaves = 0;
    for (const tree of trees) {
      nodes += tree.count;
      for (let node = 0; node < tree.count; node++) {
        const slot = slotOf(tree, node);
        if (slot < 0) leaves += 1;
        else if (!slots.has(slot)) slots.set(slot, slots.size + 1);
      }
    }
    const layout = kernelLayout({ trees: trees.length, nodes, leaves, columns: slots.size, width, sums });
    if (!layout) return undefined;
    if (!programs.has(width)) programs.set(width, WasmProgram.of(walkKernelBytes(width)));
    const running = programs.get(width)?.over(layout.bytes);
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
    const { kernel, placed, width, sums, layout: { leaves, values, sums: sumsAt } } = this;
    for (let index = 0; index < placed.length; index++) {
      const { root, steps, watch } = placed[index] as Placed;
      // Rows up to a multiple of the lanes: those behind the last have keys of earlier blocks, and nobody reads their leaves.
      kernel.walkRows(root, steps, watch, count * 4, leaves);
      const offset = width === sums ? 0 : (index % sums) * 8;
      kernel.addAnswers(leaves, leaves + count * 4, values, sumsAt + offset, sums * 8);
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
    const { features, missing, words, singles, layout: { stride } } = this;
    for (let column = 0; column < features.length; column++) {
      const start = ((column + 1) * stride) / 4;
      let from = first * columns + (features[column] as number);
      for (let at = start; at < start + count; at++, from += columns) {
        singles[at] = data[from] as number;
        const bits = words[at] as number;
        words[at] = isMissing(bits) ? (missing[column] as number) : keyOfBits(bits);
      }
    }
  }

  /** Copies a tree, level by level, so that the nodes every row passes lie together. */
  private place(tree: KernelTree, slots: ReadonlyMap<number, number>, next: { node: number; leaf: number }): Placed {
    const { words, doubles, width, layout: { stride, values } } = this;
    const root = next.node;
    const sources = new Int32Array(tree.count);
    const depths = new Int32Array(tree.count);
    let placed = 1;
    let leaves = 0;
    let leafDepths = 0;
    let depth = 0;
    for (let index = 0; index < placed; index++) {
      const node = sources[index] as number;
      const at = (root + index * NODE_BYTES) / 4;
      const slot = slotOf(tree, node);
      depth = depths[index] as number;
      if (slot < 0) {
        words[at] = next.leaf;
        words[at + 2] = root + (index - 1) * NODE_BYTES;
        tree.answer(node, doubles, values / 8 + next.leaf++ * width);
        leaves += 1;
        leafDepths += depth;
        continue;
      }
      words[at] = tree.key(node);
      words[at + 1] = (slots.get(slot) as number) * stride;
      words[at + 2] = root + placed * NODE_BYTES;
      for (const child of [tree.left(node), tree.right(node)]) {
        sources[placed] = child;
        depths[placed++] = depth + 1;
      }
    }
    next.node += placed * NODE_BYTES;
    const mean = leafDepths / leaves;
    // Looking costs about as much as two steps.
    return depth <= mean + 2 ? { root, steps: depth, watch: 0 } : { root, steps: Math.floor(mean), watch: 1 };
  }

  private placeGroups(): void {
    const { words, placed, layout: { groups } } = this;
    for (let first = 0, at = groups / 4; first < placed.length; first += LANES, at += GROUP_BYTES / 4) {
      const members = placed.slice(first, first + LANES);
      // The last tree fills up the last group.
      for (let lane = 0; lane < LANES; lane++) words[at + lane] = (members[lane] ?? (members.at(-1) as Placed)).root;
      words[at + LANES] = Math.max(...members.map(({ steps }) => steps));
      words[at + LANES + 1] = Math.max(...members.map(({ watch }) => watch));
    }
  }
}

/** A feature, and whether its missing values go left; below zero for a leaf. */
function slotOf(tree: KernelTree, node: number): number {
  const feature = tree.feature(node);
  return feature < 0 ? -1 : feature * 2 + (tree.missingLeft(node) ? 1 : 0);
}
