import type { Children } from '../boosting/tree-order';
import type { Block } from './read-blocks';

/** Bits of `decision_type`. */
export const CATEGORICAL = 1;
export const DEFAULT_LEFT = 2;

/** How a node treats missing values: the next two bits of `decision_type`. */
export const MISSING_ZERO = 1;
export const MISSING_NAN = 2;

export function missingKindOf(decision: number): number {
  return (decision >> 2) & 3;
}

/** The linear models in the leaves of a tree; leaf `i` has those of `starts[i]` up to `starts[i + 1]`. */
export interface LeafModels {
  readonly constants: Float64Array;
  readonly starts: Int32Array;
  readonly features: Int32Array;
  readonly coefficients: Float64Array;
}

/**
 * One tree as the file has it; the arrays are of matching length, and nothing else has been checked. Nodes are numbered
 * from 0, the inner ones first: leaf `i` is node `inner + i`.
 */
export interface RawTree extends Children {
  readonly inner: number;
  readonly feature: Float64Array;
  readonly threshold: Float64Array;
  readonly decision: Float64Array;
  readonly leafValue: Float64Array;
  /** Bits of the categories that go left: set `i` has the words from `boundaries[i]` up to `boundaries[i + 1]`. */
  readonly categories?: { readonly boundaries: Float64Array; readonly words: Float64Array };
  readonly leafModels?: LeafModels;
}

/** A tree of LightGBM has at most 131,072 leaves. */
const MAX_LEAVES = 2 ** 24;

export function readTree(block: Block, features: number): RawTree {
  const leaves = block.integer('num_leaves', 1, MAX_LEAVES);
  const inner = leaves - 1;
  const leafValue = block.numbers('leaf_value', leaves);
  const numbers = (key: string): Float64Array => (inner === 0 ? new Float64Array(0) : block.numbers(key, inner));
  return {
    inner,
    left: children(numbers('left_child'), inner, leaves),
    right: children(numbers('right_child'), inner, leaves),
    feature: numbers('split_feature'),
    threshold: numbers('threshold'),
    decision: numbers('decision_type'),
    leafValue,
    ...readCategories(block),
    ...(block.optional('is_linear') === '1' ? { leafModels: readLeafModels(block, leaves, features) } : {}),
  };
}

/** Leaves are negative in the file, `-1 - index`. Behind the inner nodes come the leaves, which have no children. */
function children(indices: Float64Array, inner: number, leaves: number): Float64Array {
  const all = new Float64Array(inner + leaves).fill(-1);
  for (let node = 0; node < inner; node++) {
    const child = indices[node] as number;
    // A child that lies outside is left outside, where the walk will find it.
    const leaf = -1 - child;
    all[node] = child >= 0 ? (child < inner ? child : Number.MAX_SAFE_INTEGER) : leaf < leaves ? inner + leaf : Number.MAX_SAFE_INTEGER;
  }
  return all;
}

function readCategories(block: Block): Pick<RawTree, 'categories'> {
  const sets = block.has('num_cat') ? block.integer('num_cat', 0, MAX_LEAVES) : 0;
  if (sets === 0) return {};
  const boundaries = block.numbers('cat_boundaries', sets + 1);
  const words = block.allNumbers('cat_threshold');
  for (let set = 0; set < sets; set++) {
    const [start, end] = [boundaries[set] as number, boundaries[set + 1] as number];
    if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= words.length)) {
      throw block.corrupt(`has cat_boundaries from ${start} to ${end} of ${words.length}`);
    }
  }
  return { categories: { boundaries, words } };
}

function readLeafModels(block: Block, leaves: number, features: number): LeafModels {
  const counts = block.numbers('num_features', leaves);
  const starts = new Int32Array(leaves + 1);
  const used = block.allNumbers('leaf_features');
  for (let leaf = 0; leaf < leaves; leaf++) {
    const count = counts[leaf] as number;
    if (!(Number.isInteger(count) && count >= 0 && count <= used.length)) throw block.corrupt(`has ${count} features in leaf ${leaf}`);
    const end = (starts[leaf] as number) + count;
    if (end > used.length) break;
    starts[leaf + 1] = end;
  }
  if (starts[leaves] !== used.length) throw block.corrupt(`has ${used.length} leaf_features, num_features makes it ${starts[leaves]}`);
  if (!used.every((feature) => Number.isInteger(feature) && feature >= 0 && feature < features)) throw block.corrupt(`has a leaf feature outside the ${features} there are`);
  return { constants: block.numbers('leaf_const', leaves), starts, features: Int32Array.from(used), coefficients: block.numbers('leaf_coeff', used.length) };
}
