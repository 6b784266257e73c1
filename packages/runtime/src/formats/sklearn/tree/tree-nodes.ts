import { fieldToFloat64, fieldToInt32, fieldToUint8, toFloat64, viewFloat64 } from '../../numpy/elements';
import type { NdArray } from '../../numpy/nd-array';
import { ReusedMemory } from '../../numpy/reused-memory';
import { PickledObject } from '../../pickle/value';
import type { FittedState } from '../fitted-state';

/** Child index that marks a leaf in scikit-learn's node records. */
const NO_CHILD = -1;

/**
 * One fitted tree, checked: every child lies behind its parent and has no other, so that each walk from node 0 ends in a
 * leaf, and a copy of the tree has exactly as many nodes.
 */
export interface TreeNodes {
  readonly count: number;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Feature compared at a node, -1 at a leaf. */
  readonly feature: Int32Array;
  /** A row goes left when its value is at most this. */
  readonly threshold: Float64Array;
  /** Whether a missing value goes left; `undefined` before scikit-learn 1.3, which knew none. */
  readonly missingLeft: Uint8Array | undefined;
  /** `count * width` answers: class probabilities, or the predicted value of each output. To read only: they may be bytes of the file. */
  readonly values: Float64Array;
  /** Training samples in each node. */
  readonly samples: () => Float64Array;
}

/** What the values of a tree are: one number a class, or one an output. */
export type TreeAnswers = { readonly classes: number } | { readonly outputs: number };

/**
 * Reads and checks the `tree_` of a decision tree.
 *
 * @param memory that holds the nodes, until the next tree is read into it.
 * @throws IsvcError ISVC_MODEL_CORRUPT where a node points outside the tree, back to an earlier node or to a feature
 * that does not exist.
 */
export function readTreeNodes(state: FittedState, features: number, answers: TreeAnswers, memory = new ReusedMemory()): TreeNodes {
  const tree = state.value('tree_');
  if (!(tree instanceof PickledObject) || tree.type.name !== 'Tree' || !(tree.state instanceof Map)) {
    throw state.corrupt('tree_ is not a tree');
  }
  const nodes = state.decode(tree.state.get('nodes'), 'nodes of the tree');
  const values = state.decode(tree.state.get('values'), 'values of the tree');
  const count = nodes.size;
  if (nodes.shape.length !== 1 || count < 1) throw state.corrupt('the tree has no nodes');
  const { shape } = values;
  const wanted = 'classes' in answers ? [count, 1, answers.classes] : [count, answers.outputs, 1];
  if (shape.length !== 3 || !shape.every((length, axis) => length === wanted[axis])) {
    throw state.corrupt(`the values of the tree must have the shape (${wanted.join(', ')}), have (${shape.join(', ')})`);
  }
  const left = integers(state, nodes, 'left_child', memory);
  const right = integers(state, nodes, 'right_child', memory);
  const feature = integers(state, nodes, 'feature', memory);
  const hasParent = new Uint8Array(memory.take('parents', count), 0, count).fill(0);
  for (let node = 0; node < count; node++) {
    const toLeft = left[node] as number;
    const toRight = right[node] as number;
    if (toLeft === NO_CHILD && toRight === NO_CHILD) {
      feature[node] = -1;
      continue;
    }
    const compared = feature[node] as number;
    if (!(toLeft > node && toLeft < count && toRight > node && toRight < count)) {
      throw state.corrupt(`node ${node} of ${count} has the children ${toLeft} and ${toRight}, which are not behind it`);
    }
    if (hasParent[toLeft] === 1 || hasParent[toRight] === 1 || toLeft === toRight) throw state.corrupt(`a child of node ${node} has two parents`);
    hasParent[toLeft] = 1;
    hasParent[toRight] = 1;
    if (!(compared >= 0 && compared < features)) throw state.corrupt(`node ${node} compares feature ${compared} of ${features}`);
  }
  const missingLeft = fieldToUint8(nodes, 'missing_go_to_left', memory);
  return {
    count,
    left: asInt32(left),
    right: asInt32(right),
    feature: asInt32(feature),
    threshold: field(state, nodes, 'threshold', memory),
    missingLeft,
    values: 'classes' in answers ? probabilities(state, values, answers.classes, missingLeft === undefined) : finite(state, values),
    samples: () => field(state, nodes, 'n_node_samples'),
  };
}

/** As 32-bit integers where all of them are; others are out of range, and named in an error. */
function integers(state: FittedState, nodes: NdArray, name: string, memory: ReusedMemory): Int32Array | Float64Array {
  return fieldToInt32(nodes, name, memory) ?? field(state, nodes, name);
}

function asInt32(values: Int32Array | Float64Array): Int32Array {
  return values instanceof Int32Array ? values : Int32Array.from(values);
}

function field(state: FittedState, nodes: NdArray, name: string, memory?: ReusedMemory): Float64Array {
  const values = fieldToFloat64(nodes, name, memory);
  if (!values) throw state.corrupt(`the nodes of the tree have no ${name}`);
  return values;
}

/** Weighted counts before scikit-learn 1.3, which are divided by their sum; later ones are used as they are, as scikit-learn does. */
function probabilities(state: FittedState, array: NdArray, classes: number, areCounts: boolean): Float64Array {
  const values = areCounts ? toFloat64(array) : viewFloat64(array);
  if (!values || !areShares(values)) throw state.corrupt('the values of the tree are not all finite and positive');
  for (let start = 0; areCounts && start < values.length; start += classes) {
    let sum = 0;
    for (let index = start; index < start + classes; index++) sum += values[index] as number;
    for (let index = start; sum !== 0 && index < start + classes; index++) values[index] = (values[index] as number) / sum;
  }
  return values;
}

/** A loop, since forests have millions of these. */
function areShares(values: Float64Array): boolean {
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (!(value >= 0 && value < Infinity)) return false;
  }
  return true;
}

function finite(state: FittedState, array: NdArray): Float64Array {
  const values = viewFloat64(array);
  if (!values?.every(Number.isFinite)) throw state.corrupt('the values of the tree are not all finite');
  return values;
}
