import { fieldToFloat64, toFloat64 } from '../../numpy/elements';
import { PickledObject, type PickleValue } from '../../pickle/value';
import type { FittedState } from '../fitted-state';

/** Categories a bitset can hold; larger and negative numbers are unknown ones. */
const MAX_CATEGORIES = 256;
const BITSET_WORDS = 8;

/**
 * One tree of histogram boosting, checked: children lie behind their parent, so that every walk ends.
 */
export interface HistogramTree {
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Feature compared at a node, -1 at a leaf. */
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly missingLeft: Uint8Array;
  readonly value: Float64Array;
  /** Bitset of the categories that go left, -1 where a node compares numbers. */
  readonly bitset: Int32Array;
  readonly bitsets: Float64Array;
}

/** Whether a feature has known categories, and which. */
export type KnownCategories = ReadonlyMap<number, ReadonlySet<number>>;

/** @throws IsvcError ISVC_MODEL_CORRUPT where a node or a bitset lies outside the tree. */
export function readHistogramTree(state: FittedState, value: PickleValue | undefined, features: number): HistogramTree {
  const attributes = value instanceof PickledObject && value.state instanceof Map ? value.state : undefined;
  if (!attributes) throw state.corrupt('_predictors holds something that is not a tree');
  const nodes = state.decode(attributes.get('nodes'), 'nodes of a tree');
  const sets = state.decode(attributes.get('raw_left_cat_bitsets'), 'bitsets of a tree');
  const bitsets = toFloat64(sets);
  const field = (name: string): Float64Array => {
    const values = fieldToFloat64(nodes, name);
    if (!values) throw state.corrupt(`the nodes of a tree have no ${name}`);
    return values;
  };
  if (nodes.shape.length !== 1 || nodes.size < 1 || !bitsets || bitsets.length % BITSET_WORDS !== 0) throw state.corrupt('a tree has no nodes or bitsets');
  const isLeaf = field('is_leaf');
  const isCategorical = fieldToFloat64(nodes, 'is_categorical');
  const bitsetIndex = fieldToFloat64(nodes, 'bitset_idx');
  const tree: HistogramTree = {
    left: Int32Array.from(field('left')),
    right: Int32Array.from(field('right')),
    feature: Int32Array.from(field('feature_idx'), (feature, node) => (isLeaf[node] ? -1 : feature)),
    threshold: field(nodes.dtype.fields?.has('num_threshold') ? 'num_threshold' : 'threshold'),
    missingLeft: Uint8Array.from(field('missing_go_to_left')),
    value: field('value'),
    bitset: Int32Array.from(isLeaf, (leaf, node) => (!leaf && isCategorical?.[node] ? (bitsetIndex?.[node] ?? 0) : -1)),
    bitsets,
  };
  checkTree(state, tree, features);
  return tree;
}

function checkTree(state: FittedState, { left, right, feature, bitset, bitsets, value }: HistogramTree, features: number): void {
  for (let node = 0; node < feature.length; node++) {
    if (!Number.isFinite(value[node])) throw state.corrupt(`node ${node} has a value that is not finite`);
    const compared = feature[node] as number;
    if (compared === -1) continue;
    const inside = (child: number): boolean => child > node && child < feature.length;
    if (!inside(left[node] as number) || !inside(right[node] as number)) throw state.corrupt(`the children of node ${node} are not behind it`);
    if (compared < 0 || compared >= features) throw state.corrupt(`node ${node} compares feature ${compared} of ${features}`);
    if ((bitset[node] as number) * BITSET_WORDS >= bitsets.length) throw state.corrupt(`node ${node} has no bitset`);
  }
}

/** The value of the leaf in which the row that starts at `data[start]` ends. */
export function leafValue(tree: HistogramTree, data: Float64Array, start: number, known: KnownCategories): number {
  let node = 0;
  for (;;) {
    const feature = tree.feature[node] as number;
    if (feature < 0) return tree.value[node] as number;
    node = goesLeft(tree, node, data[start + feature] as number, known.get(feature)) ? (tree.left[node] as number) : (tree.right[node] as number);
  }
}

/** Unknown categories go where missing values do. */
function goesLeft(tree: HistogramTree, node: number, value: number, known: ReadonlySet<number> | undefined): boolean {
  const bitset = tree.bitset[node] as number;
  if (bitset < 0) return value <= (tree.threshold[node] as number) || (Number.isNaN(value) && tree.missingLeft[node] === 1);
  // Cut to one byte as C does; nothing larger is ever asked for, because categories are encoded first.
  const category = value >= 0 ? Math.trunc(value) % MAX_CATEGORIES : -1;
  if (category >= 0) {
    const word = tree.bitsets[bitset * BITSET_WORDS + (category >>> 5)] as number;
    if ((word / 2 ** (category & 31)) % 2 >= 1) return true;
    if (known?.has(category)) return false;
  }
  return tree.missingLeft[node] === 1;
}
