import { addAnswers } from './add-answers';
import { makeKeys } from './make-keys';
import { type NodeForm, ROWS } from './node-form';
import { passTops } from './pass-top';
import { walkRows } from './walk-rows';
import { walkTrees } from './walk-trees';
import { moduleBytes } from '../web-assembly/assembler';

/** What the module exports; addresses and sizes are bytes of its memory, in which keys lie at 0. */
export interface WalkKernel {
  /**
   * Makes keys of the numbers of all rows of the groups from `first` to `end`, or of the first row.
   *
   * @param missing the keys that columns have for NaN, up to `missingEnd`, at least one.
   */
  makeKeys(first: number, end: number, missing: number, missingEnd: number): void;
  makeRowKeys(first: number, end: number, missing: number, missingEnd: number): void;
  /** Writes the number of each row's answer from `leaves` up to `end`, for a tree that is all top. */
  passTops(top: number, topEnd: number, group: number, leaves: number, end: number): void;
  /**
   * Walks groups of rows down a tree, and writes the number of each row's answer from `leaves` up to `end`: through the top,
   * then `steps` steps, and where there is a `list` more until every row has arrived.
   *
   * @param list memory for the rows that still walk then; 0 where `steps` are enough for all.
   * @param group size of a group of keys.
   */
  walkRows(tree: number, top: number, topEnd: number, steps: number, list: number, group: number, leaves: number, end: number): void;
  /**
   * Walks the first row down the groups of trees from `trees` to `end`, and writes the number of each tree's answer:
   * `steps` steps, and where `watch` is not zero more until no lane of the group moves any more.
   */
  walkTrees(trees: number, end: number, leaves: number): void;
  /** Adds the answers whose numbers are listed from `leaves` to `end` to the numbers at `out`, `stride` bytes a row; some rows behind may be added to, too. */
  addAnswers(leaves: number, end: number, values: number, out: number, stride: number): void;
}

/** Rows whose answers are added at a time: a whole part of a group. */
const ROWS_TOGETHER = ROWS / 8;

/** The module for trees of nodes of this form whose answers are `width` numbers of `bytes` bytes. */
export function walkKernelBytes(form: NodeForm, width: number, bytes: 4 | 8): Uint8Array<ArrayBuffer> {
  return moduleBytes([makeKeys(form, 'makeKeys'), makeKeys(form, 'makeRowKeys'), passTops(form), walkRows(form), walkTrees(form), addAnswers(width, bytes, ROWS_TOGETHER)]);
}
