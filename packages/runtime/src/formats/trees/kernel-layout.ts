import { COLUMN_BYTES, CONSTANT_COLUMNS, GROUP_BYTES, LANES, NARROW, NARROW_LIMIT, type NodeForm, WIDE } from './walk-kernel';

/** Rows of a block: enough that a tree stays in the cache, few enough that their keys do. */
const BLOCK_ROWS = 256;

/** Keys, or sums, of a block at most; wide rows come in smaller blocks. */
const BLOCK_NUMBERS = 1 << 18;

/** Addresses are compared as signed integers. */
const MAX_BYTES = 2 ** 31 - 2 ** 16;

/** What is to be laid out. */
export interface KernelSizes {
  readonly trees: number;
  /** Of all trees, and of the largest. */
  readonly nodes: number;
  readonly mostNodes: number;
  readonly leaves: number;
  /** Columns of keys. */
  readonly columns: number;
  /** Numbers of an answer, and of the sums they are added to. */
  readonly width: number;
  readonly sums: number;
}

/** Where what lies in the memory of a kernel, in bytes. Groups of keys lie at 0. */
export interface KernelLayout {
  readonly form: NodeForm;
  /** Rows of a block, a multiple of the lanes. */
  readonly rows: number;
  /** Bytes of a group of keys. */
  readonly group: number;
  readonly leaves: number;
  readonly sums: number;
  readonly groups: number;
  readonly nodes: number;
  readonly values: number;
  readonly bytes: number;
}

/** @returns `undefined` for more than the kernel can address. */
export function kernelLayout({ trees, nodes, mostNodes, leaves, columns, width, sums }: KernelSizes): KernelLayout | undefined {
  const rows = Math.max(LANES, Math.min(BLOCK_ROWS, Math.floor(BLOCK_NUMBERS / Math.max(columns, sums, 1) / LANES) * LANES));
  const group = (columns + CONSTANT_COLUMNS) * COLUMN_BYTES;
  const groups = Math.ceil(trees / LANES);
  const form = group <= NARROW_LIMIT && mostNodes / 2 < NARROW_LIMIT ? NARROW : WIDE;
  let bytes = 0;
  const take = (size: number): number => {
    const start = bytes;
    bytes += Math.ceil(size / 64) * 64;
    return start;
  };
  take((rows / LANES) * group);
  const layout = {
    leaves: take(Math.max(rows, groups * LANES) * 4),
    sums: take(rows * sums * 8),
    groups: take(groups * GROUP_BYTES),
    // The root has a pair for itself.
    nodes: take((nodes + trees) * 2 ** form.shift),
    values: take(leaves * width * 8),
  };
  return bytes > MAX_BYTES ? undefined : { form, rows, group, ...layout, bytes };
}
