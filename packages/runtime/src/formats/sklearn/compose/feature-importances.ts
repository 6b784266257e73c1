import { fieldToFloat64 } from '../../numpy/elements';
import { PickledObject } from '../../pickle/value';
import type { FittedState } from '../fitted-state';
import { readTreeFeatures } from '../tree/tree-state';

/** How much each feature matters to a fitted model, and the least that counts. */
export interface Importances {
  readonly values: Float64Array;
  readonly threshold: number;
}

/** What `SelectFromModel` computes from its model: norms of coefficients, or the impurity that splits take away. */
export function featureImportances(selector: FittedState, model: FittedState): Importances {
  const values = model.has('coef_') ? norms(selector, model) : treeImportances(model);
  return { values, threshold: thresholdOf(selector, values, model) };
}

function norms(selector: FittedState, model: FittedState): Float64Array {
  const { shape, values } = model.tensor('coef_');
  const features = shape[shape.length - 1] ?? 0;
  if (shape.length === 1) return values.map(Math.abs);
  const order = selector.number('norm_order');
  const sums = new Float64Array(features);
  values.forEach((value, index) => {
    const size = Math.abs(value);
    const column = index % features;
    sums[column] = order === Infinity ? Math.max(sums[column] as number, size) : (sums[column] as number) + size ** order;
  });
  return order === Infinity ? sums : sums.map((sum) => sum ** (1 / order));
}

function treeImportances(model: FittedState): Float64Array {
  if (model.has('tree_')) return normalized(oneTree(model));
  if (!model.has('estimators_')) throw model.unsupported('keeps no coefficients or trees to select features by');
  const members = model.list('estimators_').map((member) => model.memberOf(member, 'a tree'));
  const parts = members.map((member) => oneTree(member)).filter((part) => part.some((value) => value > 0));
  const boosting = model.has('init_');
  const total = new Float64Array(readTreeFeatures(model));
  for (const part of parts) (boosting ? part : normalized(part)).forEach((value, index) => (total[index] = (total[index] as number) + value / parts.length));
  return normalized(total);
}

/** Weighted impurity of each node less that of its children, by the feature it compares, relative to the weight of all. */
function oneTree(state: FittedState): Float64Array {
  const tree = state.value('tree_');
  if (!(tree instanceof PickledObject) || !(tree.state instanceof Map)) throw state.corrupt('tree_ is not a tree');
  const nodes = state.decode(tree.state.get('nodes'), 'nodes of the tree');
  const field = (name: string): Float64Array => {
    const values = fieldToFloat64(nodes, name);
    if (!values) throw state.corrupt(`the nodes of the tree have no ${name}`);
    return values;
  };
  const [left, right, feature, impurity, weight] = [field('left_child'), field('right_child'), field('feature'), field('impurity'), field('weighted_n_node_samples')];
  const sums = new Float64Array(readTreeFeatures(state));
  const share = (node: number): number => (weight[node] ?? 0) * (impurity[node] ?? 0);
  for (let node = 0; node < nodes.size; node++) {
    const toLeft = left[node] as number;
    const compared = feature[node] as number;
    if (toLeft < 0 || compared < 0 || compared >= sums.length) continue;
    sums[compared] = (sums[compared] as number) + share(node) - share(toLeft) - share(right[node] as number);
  }
  return sums.map((value) => value / (weight[0] || 1));
}

function normalized(values: Float64Array): Float64Array {
  const sum = values.reduce((total, value) => total + value, 0);
  return sum > 0 ? values.map((value) => value / sum) : values;
}

function thresholdOf(selector: FittedState, values: Float64Array, model: FittedState): number {
  if (!selector.has('threshold')) return isSparseByPenalty(model) ? 1e-5 : mean(values);
  const text = selector.text('threshold');
  if (text === undefined) return selector.number('threshold');
  const [, factor, reference] = /^(?:\s*([\d.]+)\s*\*)?\s*(mean|median)\s*$/.exec(text) ?? [];
  if (reference === undefined) throw selector.unsupported(`has the threshold ${JSON.stringify(text.slice(0, 40))}`, 'use a number, mean or median');
  return Number(factor ?? 1) * (reference === 'mean' ? mean(values) : median(values));
}

/** Models with an L1 penalty set what does not matter to zero. */
function isSparseByPenalty(model: FittedState): boolean {
  return model.text('penalty') === 'l1' || model.estimator.includes('Lasso');
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
