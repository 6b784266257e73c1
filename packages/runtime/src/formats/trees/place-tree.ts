import { singleThreshold, type Test, writeDoubleThreshold } from './float-keys';
import type { KernelLayout } from './kernel-layout';
import { type KernelTree, type PlacedTree, slotOf } from './kernel-tree';

export interface Place {
  readonly layout: KernelLayout;
  readonly memory: ArrayBuffer;
  /** The whole memory as numbers of answers. */
  readonly numbers: Float32Array | Float64Array;
  readonly test: Test;
  /** The column of keys of each slot. */
  readonly slots: ReadonlyMap<number, number>;
  readonly width: number;
  /** Where the next tree begins, and the number of the next leaf. */
  readonly next: { at: number; leaf: number };
}

/** Looking whether any row still moves costs about as much as two steps. */
const WATCH_STEPS = 2;

/** Copies a tree level by level, so that the nodes which every row passes lie together. */
export function placeTree(tree: KernelTree, { layout: { form, column, number, values }, memory, numbers, test, slots, width, next }: Place): PlacedTree {
  const nodeBytes = 1 << form.shift;
  const words = new Int32Array(memory, next.at, (tree.count + 1) * (nodeBytes / 4));
  const operands = form.operandBytes === 2 ? new Uint16Array(words.buffer, words.byteOffset, words.length * 2) : words;
  // By position: the root at 1, the children of pair n at 2n and 2n + 1.
  const sources = new Int32Array(tree.count + 1);
  sources[1] = tree.root;
  const depths = new Int32Array(tree.count + 1);
  let placed = 2;
  let depth = 0;
  let leaves = 0;
  let leafDepths = 0;
  for (let position = 1; position < placed; position++) {
    const node = sources[position] as number;
    const slot = slotOf(tree, node);
    const at = (position * nodeBytes) / 4;
    const operand = (position * nodeBytes + form.keyBytes) / form.operandBytes;
    depth = depths[position] as number;
    if (slot < 0) {
      words[at] = next.leaf;
      operands[operand] = position % 2 === 1 ? 0 : column;
      operands[operand + 1] = position >> 1;
      tree.answer(node, numbers, values / number + next.leaf++ * width);
      leaves += 1;
      leafDepths += depth;
      continue;
    }
    if (form.keyBytes === 4) words[at] = singleThreshold(tree.threshold(node), test);
    else writeDoubleThreshold(tree.threshold(node), test, words, at);
    operands[operand] = (slots.get(slot) as number) * column;
    operands[operand + 1] = placed >> 1;
    for (const child of [tree.left(node), tree.right(node)]) {
      sources[placed] = child;
      depths[placed++] = depth + 1;
    }
  }
  const at = next.at;
  next.at += placed * nodeBytes;
  const mean = leafDepths / leaves;
  return depth <= mean + WATCH_STEPS ? { at, steps: depth, watch: 0 } : { at, steps: Math.floor(mean), watch: 1 };
}
