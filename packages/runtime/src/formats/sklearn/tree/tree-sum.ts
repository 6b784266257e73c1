import type { Matrix } from '../../../model/model';
import { ReusedMemory } from '../../numpy/reused-memory';
import type { KernelTree } from '../../trees/kernel-tree';
import { KernelTrees, WORTHWHILE } from '../../trees/kernel-trees';
import type { RowNumbers } from '../estimator';
import { kernelTree } from './kernel-tree';
import { type PackableTree, PackedTrees } from './packed-trees';

/** Rows walked through one tree before the next: enough that the tree stays in the cache, few enough that the rows do. */
export const BLOCK_ROWS = 256;

/** Adds the answers of all trees for the rows from `first` up to `end` to the front of `out`, in the order of the trees. */
export type TreeSum = (input: Matrix, first: number, end: number, out: Float64Array) => void;

export interface SumShape {
  /** Numbers of an answer. */
  readonly width: number;
  /** Numbers of a sum: where that is not `width`, tree after tree adds to the next of them, as boosting has them. */
  readonly columns: number;
}

/** A tree that is read when it is asked for, into memory that the next one may have, so that no two need to lie there as the file has them. */
export type LazyTree = (memory?: ReusedMemory) => PackableTree;

export function treeSum(trees: readonly LazyTree[], { width, columns: sums }: SumShape): TreeSum {
  const target = width === sums ? undefined : (tree: number): number => tree % sums;
  const kernel = trees.length < WORTHWHILE ? undefined : KernelTrees.of(inTurn(trees), { test: 'atMost', values: 'single', answers: 'double', width, sums, target });
  if (!kernel) return branchingSum(new PackedTrees(trees.map((tree) => tree()), width), sums);
  return ({ data, columns }, first, end, out) => kernel.add(data, columns, first, end, out);
}

function* inTurn(trees: readonly LazyTree[]): Generator<KernelTree> {
  const memory = new ReusedMemory();
  for (const tree of trees) yield kernelTree(tree(memory));
}

/** The same by branches, where there are few trees or no WebAssembly. */
export function branchingSum(trees: PackedTrees, columns: number): TreeSum {
  const { width, leafValues } = trees;
  let single: Float32Array = new Float32Array(0);

  /** Inputs of a block in single precision; one row, the usual request, reuses its array. */
  const singlePrecision = ({ columns: features, data }: Matrix, first: number, end: number): Float32Array => {
    if (end - first > 1) return Float32Array.from(data.subarray(first * features, end * features));
    if (single.length !== features) single = new Float32Array(features);
    for (let column = 0; column < features; column++) single[column] = data[first * features + column] as number;
    return single;
  };

  return (input, first, end, out) => {
    const rows = end - first;
    const inputs = singlePrecision(input, first, end);
    for (let tree = 0; tree < trees.count; tree++) {
      const offset = width === columns ? 0 : tree % columns;
      for (let row = 0; row < rows; row++) {
        const leaf = trees.leafOf(tree, inputs, row * input.columns) * width;
        const target = row * columns + offset;
        for (let index = 0; index < width; index++) out[target + index] = (out[target + index] as number) + (leafValues[leaf + index] as number);
      }
    }
  };
}

/** The sum as numbers of each row: first `start` fills in what the trees are added to, then `finish` has the last word. */
export function treeNumbers(
  trees: readonly LazyTree[], shape: SumShape & { readonly flat: boolean }, start: (input: Matrix, out: Float64Array) => void, finish: (value: number) => number = (value) => value,
): RowNumbers {
  const { columns, flat } = shape;
  const sum = treeSum(trees, shape);
  return {
    columns,
    flat,
    fill(input, out) {
      out.fill(0);
      start(input, out);
      for (let first = 0; first < input.rows; first += BLOCK_ROWS) {
        sum(input, first, Math.min(first + BLOCK_ROWS, input.rows), out.subarray(first * columns));
      }
      for (let index = 0; index < out.length; index++) out[index] = finish(out[index] as number);
    },
  };
}
