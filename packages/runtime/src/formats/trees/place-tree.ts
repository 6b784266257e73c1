import type { KernelLayout } from './kernel-layout';
import type { LaidTree } from './lay-tree';
import { CONSTANT_COLUMNS, TOP_BYTES, TOP_LEVELS, TOP_NODE, TOP_NODES } from './node-form';

/** Bits of all nodes below the top. */
const ALL_BELOW = 2 ** (2 ** TOP_LEVELS) - 1;

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

/** Writes the top (see `TOP_LEVELS`) of the tree that lies at `at` to `top`. */
export function placeTop({ keys, columns, pairs }: LaidTree, { form, column }: KernelLayout, memory: ArrayBuffer, at: number, top: number): void {
  const words = new Int32Array(memory);
  const keyWords = form.keyBytes / 4;
  const below = (top + TOP_BYTES) / 4 - 2 ** TOP_LEVELS;

  /** @param index of a node of the top, the children of which have 2 * index + 1 and the next. @param first of the `count` nodes below it. */
  const place = (index: number, position: number, first: number, count: number): void => {
    if (index >= TOP_NODES) {
      words[below + first] = at + (position << form.shift);
      return;
    }
    const isLeaf = (columns[position] as number) < CONSTANT_COLUMNS;
    const word = (top + index * TOP_NODE.bytes) / 4;
    const half = count / 2;
    for (let index = 0; index < keyWords; index++) words[word + index] = keys[position * keyWords + index] as number;
    words[word + TOP_NODE.column / 4] = (columns[position] as number) * column;
    words[word + TOP_NODE.mask / 4] = isLeaf ? ALL_BELOW : ALL_BELOW & ~((2 ** half - 1) << first);
    // A leaf has itself below it, as the first of all.
    const child = isLeaf ? position : (pairs[position] as number) * 2;
    place(2 * index + 1, child, first, half);
    place(2 * index + 2, isLeaf ? position : child + 1, first + half, half);
  };
  place(0, 1, 0, 2 ** TOP_LEVELS);
}
