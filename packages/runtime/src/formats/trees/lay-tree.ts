import type { ReusedMemory } from '../numpy/reused-memory';
import { singleThreshold, writeDoubleThreshold } from './float-keys';
import { type KernelOptions, type KernelTree, slotOf } from './kernel-tree';
import { CONSTANT_COLUMNS, TOP_NODES } from './node-form';
import { PureAnswers } from './pure-answers';

/**
 * A tree level by level, so that the nodes which every row passes lie together: by position, the root at 1, the children
 * of pair n at 2n and 2n + 1. Small, since all trees of a forest lie so before the memory of the kernel is taken.
 */
export interface LaidTree {
  /** The key of a node, one or two words; the number of a leaf's answer in this tree. */
  readonly keys: Int32Array;
  /** The column of keys that a node compares, the constant one for a leaf. */
  readonly columns: Int32Array;
  /** The pair of a node's children; a leaf's own. */
  readonly pairs: Int32Array;
  readonly answers: Float32Array | Float64Array;
  /** The position from which on inner nodes lie below the top; infinite where none does. */
  readonly belowTop: number;
  /** How a single row walks it, and how a block of rows, from below the top. */
  readonly row: Walk;
  readonly block: Walk;
}

/** Steps that all rows take; rows of a lopsided tree may need more. */
export interface Walk {
  readonly steps: number;
  readonly isLopsided: boolean;
}

/** Looking whether any row still moves costs about as much as two steps. */
const WATCH_STEPS = 2;

/** Of the mean depth of leaves, which blocks of rows walk together: measured best, as more rows end in leaves of less depth. */
const TOGETHER = 0.75;

/**
 * @param slots columns of keys by feature and treatment of missing values, to which new ones are added.
 * @param memory for what is needed meanwhile.
 */
export function layTree(tree: KernelTree, { test, values, answers: precision, width }: KernelOptions, slots: Map<number, number>, memory: ReusedMemory): LaidTree {
  const keyWords = values === 'single' ? 1 : 2;
  const size = tree.count + 1;
  const nodes = new Int32Array(size * (keyWords + 2));
  const keys = nodes.subarray(0, size * keyWords);
  const columns = nodes.subarray(keys.length, keys.length + size);
  const pairs = nodes.subarray(keys.length + size);
  const mostAnswers = ((tree.count + 1) >> 1) * width;
  const answers = precision === 'single' ? new Float32Array(memory.take('answers', mostAnswers * 4), 0, mostAnswers) : new Float64Array(memory.take('answers', mostAnswers * 8), 0, mostAnswers);
  const sources = new Int32Array(memory.take('nodes', size * 4), 0, size);
  const depths = new Int32Array(memory.take('depths', size * 4), 0, size);
  // The leaf that fills up lists: it comes first in its pair, and leads to itself.
  columns[0] = 1;
  depths[1] = 0;
  sources[1] = tree.root;
  let placed = 2;
  let depth = 0;
  const pure = new PureAnswers(width);
  let leaves = 0;
  let distinct = 0;
  let leafDepths = 0;
  let inner = 0;
  let belowTop = Infinity;
  for (let position = 1; position < placed; position++) {
    const node = sources[position] as number;
    const slot = slotOf(tree, node);
    depth = depths[position] as number;
    if (slot < 0) {
      tree.answer(node, answers, distinct * width);
      keys[position * keyWords] = pure.numberOf(answers, distinct);
      if (keys[position * keyWords] === distinct) distinct += 1;
      columns[position] = 1 - (position % 2);
      pairs[position] = position >> 1;
      leaves += 1;
      leafDepths += depth;
      continue;
    }
    if (inner++ === TOP_NODES) belowTop = position;
    if (keyWords === 1) keys[position] = singleThreshold(tree.threshold(node), test);
    else writeDoubleThreshold(tree.threshold(node), test, keys, position * keyWords);
    columns[position] = columnOf(slots, slot);
    pairs[position] = placed >> 1;
    sources[placed] = tree.left(node);
    sources[placed + 1] = tree.right(node);
    depths[placed] = depth + 1;
    depths[placed + 1] = depth + 1;
    placed += 2;
  }
  return { keys, columns, pairs, answers: answers.slice(0, distinct * width), belowTop, ...walks(depth, leafDepths / leaves, depths[belowTop]) };
}

/**
 * @param mean depth of leaves, `depth` being that of the last.
 * @param below the least depth of an inner node below the top, where there is one.
 */
function walks(depth: number, mean: number, below: number | undefined): Pick<LaidTree, 'row' | 'block'> {
  const isLopsided = depth > mean + WATCH_STEPS;
  return {
    row: { steps: isLopsided ? Math.floor(mean) : depth, isLopsided },
    block: below === undefined ? { steps: 0, isLopsided: false } : { steps: Math.max(0, (isLopsided ? Math.floor(mean * TOGETHER) : depth) - below), isLopsided },
  };
}

function columnOf(slots: Map<number, number>, slot: number): number {
  const known = slots.get(slot);
  if (known !== undefined) return known;
  const column = slots.size + CONSTANT_COLUMNS;
  slots.set(slot, column);
  return column;
}
