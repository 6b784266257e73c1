import { MAX_BYTES } from '../web-assembly/program';
import type { KernelOptions } from './kernel-tree';
import { CONSTANT_COLUMNS, DOUBLE, GROUP_BYTES, NARROW, NARROW_LIMIT, type NodeForm, ROWS, STRAGGLER, TOP_BYTES, TREES, WIDE } from './node-form';

/** Rows of a block: enough that a tree stays in the cache, few enough that their keys do. */
const BLOCK_ROWS = 256;

/** Keys, or sums, of a block at most; wide rows come in smaller blocks. */
const BLOCK_NUMBERS = 1 << 18;

/** A place for the number of a leaf behind those of the rows. */
const SPARE = 4;

/** What is to be laid out. */
export interface KernelSizes {
  readonly trees: number;
  /** Of all trees, and of the largest, with the place before the root. */
  readonly nodes: number;
  readonly mostNodes: number;
  /** Answers of all trees. */
  readonly answers: number;
  /** Columns of keys. */
  readonly columns: number;
}

/** Where what lies in the memory of a kernel, in bytes. Groups of keys lie at 0. */
export interface KernelLayout {
  readonly form: NodeForm;
  /** Rows of a block, a multiple of those of a group. */
  readonly rows: number;
  /** Bytes of a column of keys, and of a group of them. */
  readonly column: number;
  readonly group: number;
  /** Bytes of a number of answers and sums. */
  readonly number: 4 | 8;
  /** Keys of missing values. */
  readonly missing: number;
  readonly leaves: number;
  readonly sums: number;
  /** Rows that still walk. */
  readonly stragglers: number;
  readonly tops: number;
  readonly groups: number;
  readonly nodes: number;
  readonly values: number;
  readonly bytes: number;
}

/** @returns `undefined` for more than the kernel can address. */
export function kernelLayout({ trees, nodes, mostNodes, answers, columns }: KernelSizes, { values, answers: precision, width, sums }: Omit<KernelOptions, 'test'>): KernelLayout | undefined {
  const rows = Math.max(ROWS, Math.min(BLOCK_ROWS, Math.floor(BLOCK_NUMBERS / Math.max(columns, sums, 1) / ROWS) * ROWS));
  const column = ROWS * (values === 'single' ? 4 : 8);
  const group = (columns + CONSTANT_COLUMNS) * column;
  const number = precision === 'single' ? 4 : 8;
  const groups = Math.ceil(trees / TREES);
  const narrow = group <= NARROW_LIMIT && mostNodes < NARROW_LIMIT;
  const form = values === 'double' ? DOUBLE : narrow ? NARROW : WIDE;
  let bytes = 0;
  const take = (size: number): number => {
    const start = bytes;
    bytes += Math.ceil(size / 64) * 64;
    return start;
  };
  take((rows / ROWS) * group);
  const layout = {
    missing: take(columns * form.keyBytes),
    leaves: take(Math.max(rows, groups * TREES) * 4 + SPARE),
    sums: take(rows * sums * number),
    stragglers: take((rows + STRAGGLER.together) * STRAGGLER.bytes),
    tops: take(trees * TOP_BYTES),
    groups: take(groups * GROUP_BYTES),
    // Pairs are whole.
    nodes: take((nodes + trees) * 2 ** form.shift),
    values: take(answers * width * number),
  };
  return bytes > MAX_BYTES ? undefined : { form, rows, column, group, number, ...layout, bytes };
}
