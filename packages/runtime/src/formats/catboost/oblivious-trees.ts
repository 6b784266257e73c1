import type { DocumentPart } from '../boosting/document-part';
import { readSplit } from './read-split';
import type { Trees } from './trees';
import { type ObliviousTables, VectorTrees } from './vector-trees';

/** CatBoost itself stops at 16. */
const MAX_DEPTH = 24;

/**
 * Trees that ask the same question at every node of a level, so that the answers, as bits, are the number of the leaf.
 *
 * @param columns of the numeric features. @param outputs numbers in each leaf.
 */
export function readObliviousTrees(trees: readonly DocumentPart[], columns: readonly number[], outputs: number): Trees {
  const levels: { column: number; border: number }[] = [];
  const ends: number[] = [];
  const leaves = trees.map((tree) => {
    // A tree without a split has one leaf.
    const splits = tree.value !== null && tree.has('splits') && tree.part('splits').value !== null ? tree.part('splits').items() : [];
    if (splits.length > MAX_DEPTH) throw tree.corrupt(`is ${splits.length} deep`);
    for (const split of splits) levels.push(readSplit(split, columns));
    ends.push(levels.length);
    const values = Float64Array.from(tree.part('leaf_values').numbers());
    const needed = 2 ** splits.length * outputs;
    if (values.length !== needed) throw tree.part('leaf_values').corrupt(`has ${values.length} numbers, ${needed} are needed`);
    return values;
  });
  const tables: ObliviousTables = {
    columns: Int32Array.from(levels, ({ column }) => column),
    borders: Float32Array.from(levels, ({ border }) => border),
    ends: Int32Array.from(ends),
    leaves,
    outputs,
  };
  return VectorTrees.of(tables) ?? new ScalarTrees(tables);
}

/** The same a row at a time, where there is no WebAssembly. */
export class ScalarTrees implements Trees {
  private readonly tables: ObliviousTables;

  constructor(tables: ObliviousTables) {
    this.tables = tables;
  }

  addTo(sums: Float64Array, rows: Float32Array, columns: number, count: number): void {
    const { ends, leaves, outputs } = this.tables;
    let first = 0;
    for (let tree = 0; tree < ends.length; tree++) {
      const end = ends[tree] as number;
      const values = leaves[tree] as Float64Array;
      for (let row = 0; row < count; row++) {
        const leaf = this.leafOf(rows, row * columns, first, end) * outputs;
        for (let output = 0; output < outputs; output++) sums[row * outputs + output] = (sums[row * outputs + output] as number) + (values[leaf + output] as number);
      }
      first = end;
    }
  }

  private leafOf(rows: Float32Array, start: number, first: number, end: number): number {
    const { columns, borders } = this.tables;
    let leaf = 0;
    for (let level = first; level < end; level++) {
      if ((rows[start + (columns[level] as number)] as number) > (borders[level] as number)) leaf |= 1 << (level - first);
    }
    return leaf;
  }
}
