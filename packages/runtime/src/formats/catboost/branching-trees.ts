import type { DocumentPart } from '../boosting/document-part';
import { readSplit } from './read-split';
import type { Trees } from './trees';

/** Words of a node: column (-1 at a leaf), and the right child or the position of the leaf's numbers. */
const WORDS = 2;

/**
 * Trees with a question at each node (grow policies Depthwise and Lossguide), nested in the file.
 *
 * @param columns of the numeric features. @param outputs numbers in each leaf.
 */
export function readBranchingTrees(trees: readonly DocumentPart[], columns: readonly number[], outputs: number): Trees {
  const words: number[] = [];
  const borders: number[] = [];
  const values: number[] = [];
  const roots = trees.map((tree) => {
    const root = borders.length;
    // Nested as deep as the file likes, so not by recursion. A left child comes right behind its parent.
    const pending: { readonly node: DocumentPart; readonly rightOf: number }[] = [{ node: tree, rightOf: -1 }];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const { node, rightOf } = next;
      const position = borders.length;
      if (rightOf >= 0) words[rightOf * WORDS + 1] = position;
      if (!node.has('split')) {
        const answer = node.part('value');
        const numbers = typeof answer.value === 'number' ? [answer.value] : Array.from(answer.numbers());
        // A leaf that no row of the training data reached may be a bare zero.
        if (numbers.length !== outputs && !(numbers.length === 1 && numbers[0] === 0)) throw answer.corrupt(`has ${numbers.length} numbers, ${outputs} are needed`);
        words.push(-1, values.length);
        borders.push(0);
        for (let output = 0; output < outputs; output++) values.push(numbers[output] ?? 0);
        continue;
      }
      const { column, border } = readSplit(node.part('split'), columns);
      words.push(column, -1);
      borders.push(border);
      // Paths grow with the depth; one of a deep tree would be most of the memory.
      pending.push({ node: node.part('right').withPath(tree.path), rightOf: position }, { node: node.part('left').withPath(tree.path), rightOf: -1 });
    }
    return root;
  });
  return new BranchingTrees(Int32Array.from(roots), Int32Array.from(words), Float32Array.from(borders), Float64Array.from(values), outputs);
}

class BranchingTrees implements Trees {
  private readonly roots: Int32Array;
  private readonly words: Int32Array;
  private readonly borders: Float32Array;
  private readonly values: Float64Array;
  private readonly outputs: number;

  constructor(roots: Int32Array, words: Int32Array, borders: Float32Array, values: Float64Array, outputs: number) {
    this.roots = roots;
    this.words = words;
    this.borders = borders;
    this.values = values;
    this.outputs = outputs;
  }

  addTo(sums: Float64Array, rows: Float32Array, columns: number, count: number): void {
    const { roots, values, outputs } = this;
    for (const root of roots) {
      for (let row = 0; row < count; row++) {
        const leaf = this.leafOf(root, rows, row * columns);
        for (let output = 0; output < outputs; output++) sums[row * outputs + output] = (sums[row * outputs + output] as number) + (values[leaf + output] as number);
      }
    }
  }

  private leafOf(root: number, rows: Float32Array, start: number): number {
    const { words, borders } = this;
    let node = root;
    for (;;) {
      const column = words[node * WORDS] as number;
      const right = words[node * WORDS + 1] as number;
      if (column < 0) return right;
      node = (rows[start + column] as number) > (borders[node] as number) ? right : node + 1;
    }
  }
}
