import { MAX_OUTPUTS } from '../boosting/bounds';
import type { DocumentPart } from '../boosting/document-part';
import type { RawTree } from './ensemble';

/** Reads one element of `trees`. */
export function readTree(tree: DocumentPart): RawTree {
  const parameters = tree.part('tree_param');
  const nodes = parameters.part('num_nodes').integer(1, 2 ** 31);
  const column = (name: string): ArrayLike<number> => {
    const numbers = tree.part(name).numbers();
    if (numbers.length !== nodes) throw tree.part(name).corrupt(`has ${numbers.length} elements for ${nodes} nodes`);
    return numbers;
  };
  const vectorSize = parameters.optional('size_leaf_vector')?.integer(0, MAX_OUTPUTS) ?? 0;
  const left = column('left_children');
  const right = column('right_children');
  return {
    left,
    right,
    feature: column('split_indices'),
    condition: column('split_conditions'),
    defaultLeft: column('default_left'),
    ...readCategories(tree, nodes),
    ...(vectorSize > 1 ? { vectors: readVectors(tree, vectorSize, right, nodes) } : {}),
  };
}

/** From 3.1 on a leaf names its vector by its right child; before, every node had one. */
function readVectors(tree: DocumentPart, size: number, right: ArrayLike<number>, nodes: number): NonNullable<RawTree['vectors']> {
  const leaves = tree.optional('leaf_weights');
  if (leaves) return { values: leaves.numbers(), size, indices: right };
  return { values: tree.part('base_weights').numbers(), size, indices: Int32Array.from({ length: nodes }, (_, node) => node) };
}

/** Sets of categories lie one behind the other in `categories`: node `categories_nodes[i]` has those of segment `i`. */
function readCategories(tree: DocumentPart, nodes: number): Pick<RawTree, 'categories'> {
  const kinds = tree.optional('split_type')?.numbers();
  if (!kinds) return {};
  if (kinds.length !== nodes) throw tree.part('split_type').corrupt(`has ${kinds.length} elements for ${nodes} nodes`);
  const sets = new Map<number, ArrayLike<number>>();
  const owners = tree.optional('categories_nodes')?.numbers() ?? [];
  if (owners.length > 0) {
    const all = Array.from(tree.part('categories').numbers());
    const starts = tree.part('categories_segments').numbers();
    const sizes = tree.part('categories_sizes').numbers();
    let taken = 0;
    for (let index = 0; index < owners.length; index++) {
      const start = starts[index] ?? -1;
      const end = start + (sizes[index] ?? -1);
      if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end >= start && end <= all.length)) {
        throw tree.part('categories_segments').corrupt(`has a segment from ${start} to ${end} of ${all.length}`);
      }
      if (sets.has(owners[index] as number)) throw tree.part('categories_nodes').corrupt(`has node ${owners[index]} twice`);
      // Segments that overlap would let a short list stand for any number of long ones.
      taken += end - start;
      if (taken > all.length) throw tree.part('categories_segments').corrupt('has segments that overlap');
      sets.set(owners[index] as number, all.slice(start, end));
    }
  }
  // A node that compares by category without having any sends every category to the left.
  for (let node = 0; node < nodes; node++) if (kinds[node] === 1 && !sets.has(node)) sets.set(node, []);
  for (const node of sets.keys()) if (kinds[node] !== 1) throw tree.part('categories_nodes').corrupt(`has node ${node}, which does not compare by category`);
  return sets.size > 0 ? { categories: sets } : {};
}
