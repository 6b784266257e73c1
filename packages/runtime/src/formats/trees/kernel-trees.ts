import { ReusedMemory } from '../numpy/reused-memory';
import { type KernelLayout, kernelLayout } from './kernel-layout';
import type { KernelOptions, KernelTree } from './kernel-tree';
import { type LaidTree, layTree } from './lay-tree';
import { type KeyWriter, keyWriter } from './row-keys';
import { GROUP_BYTES, ROWS, TOP_BYTES, TREES } from './node-form';
import { placeNodes, placeTop } from './place-tree';
import { type WalkKernel, walkKernelBytes } from './walk-kernel';
import { WasmProgram } from '../web-assembly/program';

/** Fewer trees than the kernel walks at a time are not worth a memory of their own. */
export const WORTHWHILE = TREES;

/** Fewer rows than these walk one by one: a group of rows costs the same however many it has. */
const FEWEST_ROWS = ROWS / 2;

/** Where a tree and its top begin, and how it is walked. */
interface PlacedTree extends Pick<LaidTree, 'row' | 'block'> {
  readonly at: number;
  readonly top: number;
  readonly topEnd: number;
  readonly isAllTop: boolean;
}

const programs = new Map<string, WasmProgram | undefined>();

/**
 * Trees that a WebAssembly kernel walks without branches, groups of rows at a time, or groups of trees for a single row
 * (docs/adr/0007). Answers are added in the order of the trees, so that sums are the same to the last bit.
 */
export class KernelTrees {
  private readonly kernel: WalkKernel;
  private readonly layout: KernelLayout;
  private readonly width: number;
  private readonly sums: number;
  private readonly placed: readonly PlacedTree[];
  /** The sum that each tree adds to, or begins to. */
  private readonly targets: Int32Array;
  private readonly writeKeys: KeyWriter;
  private readonly words: Int32Array;
  /** The same memory, for answers and sums. */
  private readonly numbers: Float32Array | Float64Array;

  private constructor(trees: readonly LaidTree[], slots: ReadonlyMap<number, number>, options: KernelOptions, layout: KernelLayout, kernel: WalkKernel, memory: ArrayBuffer) {
    const { width, sums, target } = options;
    this.kernel = kernel;
    this.layout = layout;
    this.width = width;
    this.sums = sums;
    this.targets = Int32Array.from(trees, (_, tree) => target?.(tree) ?? 0);
    this.writeKeys = keyWriter(layout, [...slots.keys()], memory, kernel);
    this.words = new Int32Array(memory);
    this.numbers = options.answers === 'single' ? new Float32Array(memory) : new Float64Array(memory);
    const next = { at: layout.nodes, top: layout.tops, answer: 0 };
    this.placed = trees.map((tree) => this.place(tree, next));
    this.placeGroups();
  }

  /**
   * @param trees taken one after the other, so that each may be read only then.
   * @returns `undefined` where the kernel cannot have the memory it needs, or there is no WebAssembly.
   */
  static of(trees: Iterable<KernelTree>, options: KernelOptions): KernelTrees | undefined {
    const slots = new Map<number, number>();
    const memory = new ReusedMemory();
    const laid = Array.from(trees, (tree) => layTree(tree, options, slots, memory));
    const layout = kernelLayout({
      trees: laid.length,
      nodes: laid.reduce((sum, { pairs }) => sum + pairs.length, 0),
      mostNodes: laid.reduce((most, { pairs }) => Math.max(most, pairs.length), 0),
      answers: laid.reduce((sum, { answers }) => sum + answers.length, 0) / options.width,
      columns: slots.size,
    }, options);
    if (!layout) return undefined;
    const running = programFor(layout, options.width)?.over(layout.bytes);
    return running && new KernelTrees(laid, slots, options, layout, running.exports as WalkKernel, running.buffer);
  }

  /**
   * Adds the answers of all trees for the rows from `first` up to `end` to the front of `out`.
   *
   * @param data `columns` numbers a row.
   */
  add(data: Float32Array | Float64Array, columns: number, first: number, end: number, out: Float32Array | Float64Array): void {
    const { rows, number, sums: sumsAt } = this.layout;
    for (let from = first; from < end; from += rows) {
      const count = Math.min(rows, end - from);
      const target = (from - first) * this.sums;
      if (count < FEWEST_ROWS) {
        for (let row = 0; row < count; row++) this.addRow(data, columns, from + row, out, target + row * this.sums);
        continue;
      }
      this.writeKeys(data, columns, from, count);
      const block = this.numbers.subarray(sumsAt / number, sumsAt / number + count * this.sums);
      block.set(out.subarray(target, target + block.length));
      this.addBlock(count);
      out.set(block, target);
    }
  }

  private addBlock(count: number): void {
    const { kernel, placed, targets, sums, layout: { group, number, leaves, values, sums: sumsAt, stragglers } } = this;
    const end = leaves + count * 4;
    for (let index = 0; index < placed.length; index++) {
      const { at, top, topEnd, isAllTop, block } = placed[index] as PlacedTree;
      // Whole groups of rows: those behind the last have keys of earlier blocks, and nobody reads their leaves.
      if (isAllTop) kernel.passTops(top, topEnd, group, leaves, end);
      else kernel.walkRows(at, top, topEnd, block.steps, block.isLopsided ? stragglers : 0, group, leaves, end);
      kernel.addAnswers(leaves, end, values, sumsAt + (targets[index] as number) * number, sums * number);
    }
  }

  private addRow(data: Float32Array | Float64Array, columns: number, row: number, out: Float32Array | Float64Array, start: number): void {
    const { words, numbers, targets, width, layout: { number, groups, leaves, values } } = this;
    const count = this.placed.length;
    this.writeKeys(data, columns, row, 1);
    this.kernel.walkTrees(groups, groups + Math.ceil(count / TREES) * GROUP_BYTES, leaves);
    for (let tree = 0; tree < count; tree++) {
      const answer = values / number + (words[leaves / 4 + tree] as number) * width;
      const at = start + (targets[tree] as number);
      // Single-precision sums are rounded as they are stored.
      for (let index = 0; index < width; index++) out[at + index] = (out[at + index] as number) + (numbers[answer + index] as number);
    }
  }

  private place(tree: LaidTree, next: { at: number; top: number; answer: number }): PlacedTree {
    const { words, numbers, width, layout, layout: { form, number, values } } = this;
    const { answers, pairs, row, block } = tree;
    const { at, top } = next;
    placeNodes(tree, layout, words.buffer as ArrayBuffer, at, next.answer);
    const topEnd = placeTop(tree, layout, words.buffer as ArrayBuffer, at, top, next.answer);
    numbers.set(answers, values / number + next.answer * width);
    next.at += (pairs.length + (pairs.length % 2)) << form.shift;
    next.top += TOP_BYTES;
    next.answer += answers.length / width;
    return { at, top, topEnd, isAllTop: tree.belowTop === Infinity, row, block };
  }

  private placeGroups(): void {
    const { words, placed, layout: { groups } } = this;
    for (let first = 0, at = groups / 4; first < placed.length; first += TREES, at += GROUP_BYTES / 4) {
      const members = placed.slice(first, first + TREES);
      // The last tree fills up the last group.
      for (let lane = 0; lane < TREES; lane++) words[at + lane] = (members[lane] ?? (members.at(-1) as PlacedTree)).at;
      words[at + TREES] = Math.max(...members.map(({ row }) => row.steps));
      words[at + TREES + 1] = Math.max(...members.map(({ row }) => Number(row.isLopsided)));
    }
  }
}

function programFor({ form, number }: KernelLayout, width: number): WasmProgram | undefined {
  const name = [form.shift, form.keyBytes, form.operandBytes, width, number].join();
  if (!programs.has(name)) programs.set(name, WasmProgram.of(walkKernelBytes(form, width, number)));
  return programs.get(name);
}
