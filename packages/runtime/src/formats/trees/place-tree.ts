import type { KernelLayout } from './kernel-layout';
import type { LaidTree } from './lay-tree';
import { BELOW_TOP, CONSTANT_COLUMNS, TOP_NODE, TOP_NODES } from './node-form';

/** Bits of all nodes below the top. */
const ALL_BELOW = 2 ** (TOP_NODES + 1) - 1;

/** Copies the nodes of a tree to `at`; its answers are numbered from `firstAnswer` on. */
export function placeNodes({ keys, columns, pairs }: LaidTree, { form, column }: KernelLayout, memory: ArrayBuffer, at: number, firstAnswer: number): void {
  const words = new Int32Array(memory);
  const operands = form.operandBytes === 2 ? new Uint16Array(memory) : words;
  const keyWords = form.keyBytes / 4;
  for (let position = 0, from = at; position < pairs.length; position++, from += 1 << form.shift) {
    const compared = columns[position] as number;
    words[from / 4] = (keys[position * keyWords] as number) + (compared < CONSTANT_COLUMNS ? firstAnswer : 0);
    if (keyWords === 2) words[from / 4 + 1] = keys[position * 2 + 1] as number;
    operands[(from + form.keyBytes) / form.operandBytes] = compared * column;
    const child = (pairs[position] as number) * 2;
    operands[(from + form.keyBytes) / form.operandBytes + 1] = form.operandBytes === 2 ? child : at + (child << form.shift);
  }
}

/**
 * Writes the top (see `TOP_NODES`) of the tree that lies at `at` to `top`.
 *
 * @returns the address behind its last node.
 */
export function placeTop({ keys, columns, pairs, belowTop }: LaidTree, { form, column }: KernelLayout, memory: ArrayBuffer, at: number, top: number, firstAnswer: number): number {
  const words = new Int32Array(memory);
  const keyWords = form.keyBytes / 4;
  let word = top / 4;
  let below = 0;
  const placeNode = (position: number, mask: number): void => {
    for (let index = 0; index < keyWords; index++) words[word + index] = keys[position * keyWords + index] as number;
    words[word + TOP_NODE.column / 4] = (columns[position] as number) * column;
    words[word + TOP_NODE.mask / 4] = mask;
    word += TOP_NODE.bytes / 4;
  };

  /** Places what hangs at a position, which is no deeper than the top has nodes. */
  const place = (position: number): void => {
    const isLeaf = (columns[position] as number) < CONSTANT_COLUMNS;
    if (isLeaf || position >= belowTop) {
      words[(top + BELOW_TOP) / 4 + below++] = belowTop < Infinity ? at + (position << form.shift) : (keys[position * keyWords] as number) + firstAnswer;
      return;
    }
    const first = below;
    const left = (pairs[position] as number) * 2;
    place(left);
    placeNode(position, ALL_BELOW & ~(2 ** below - 2 ** first));
    place(left + 1);
  };
  place(1);
  // A tree of one leaf compares something.
  if (below === 1) placeNode(1, ALL_BELOW);
  return word * 4;
}
