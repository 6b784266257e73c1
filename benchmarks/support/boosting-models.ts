/** Columns of every model here. */
export const FEATURES = 20;

const TREES = 100;
const DEPTH = 6;
const INNER = 2 ** DEPTH - 1;
const LEAVES = 2 ** DEPTH;

export interface BoostingFile {
  readonly library: 'xgboost' | 'lightgbm' | 'catboost';
  readonly file: string;
  readonly content: string;
}

/** A generator with a seed: numbers from 0 up to 1. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Models of 100 complete trees of depth 6 in the format of each library, which the library reads as well. */
export function boostingFiles(): readonly BoostingFile[] {
  return [
    { library: 'xgboost', file: 'model.json', content: JSON.stringify(xgboost(randomOf(1))) },
    { library: 'lightgbm', file: 'model.bst', content: lightgbm(randomOf(2)) },
    { library: 'catboost', file: 'catboost.json', content: JSON.stringify(catboost(randomOf(3))) },
  ];
}

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

/** Thresholds in single precision, so that every library compares with the same number. */
const threshold = (random: () => number): number => Math.fround(random() * 2 - 1);

function xgboost(random: () => number): unknown {
  const nodes = INNER + LEAVES;
  const trees = times(TREES, (id) => {
    const inner = (node: number): boolean => node < INNER;
    return {
      id,
      tree_param: { num_nodes: String(nodes), num_feature: String(FEATURES), num_deleted: '0', size_leaf_vector: '1' },
      left_children: times(nodes, (node) => (inner(node) ? 2 * node + 1 : -1)),
      right_children: times(nodes, (node) => (inner(node) ? 2 * node + 2 : -1)),
      parents: times(nodes, (node) => (node === 0 ? 2147483647 : (node - 1) >> 1)),
      split_indices: times(nodes, (node) => (inner(node) ? Math.floor(random() * FEATURES) : 0)),
      split_conditions: times(nodes, () => threshold(random)),
      split_type: times(nodes, () => 0),
      default_left: times(nodes, () => 0),
      // XGBoost does not take a whole number for a float, and JavaScript writes no other.
      base_weights: times(nodes, () => 0.5),
      loss_changes: times(nodes, () => 0.5),
      sum_hessian: times(nodes, () => 0.5),
      categories: [],
      categories_nodes: [],
      categories_segments: [],
      categories_sizes: [],
    };
  });
  return {
    version: [2, 1, 0],
    learner: {
      attributes: {},
      feature_names: [],
      feature_types: [],
      gradient_booster: { name: 'gbtree', model: { gbtree_model_param: { num_trees: String(TREES), num_parallel_tree: '1' }, iteration_indptr: times(TREES + 1, (index) => index), tree_info: times(TREES, () => 0), trees } },
      learner_model_param: { base_score: '5E-1', boost_from_average: '1', num_class: '0', num_feature: String(FEATURES), num_target: '1' },
      objective: { name: 'reg:squarederror', reg_loss_param: { scale_pos_weight: '1' } },
    },
  };
}

function lightgbm(random: () => number): string {
  const child = (node: number): number => (node < INNER ? node : -1 - (node - INNER));
  const list = (count: number, make: (index: number) => number): string => times(count, make).join(' ');
  const trees = times(TREES, (index) => [
    `Tree=${index}`, `num_leaves=${LEAVES}`, 'num_cat=0',
    `split_feature=${list(INNER, () => Math.floor(random() * FEATURES))}`, `split_gain=${list(INNER, () => 1)}`,
    `threshold=${list(INNER, () => threshold(random))}`, `decision_type=${list(INNER, () => 2)}`,
    `left_child=${list(INNER, (node) => child(2 * node + 1))}`, `right_child=${list(INNER, (node) => child(2 * node + 2))}`,
    `leaf_value=${list(LEAVES, () => threshold(random))}`, `leaf_weight=${list(LEAVES, () => 1)}`, `leaf_count=${list(LEAVES, () => 1)}`,
    `internal_value=${list(INNER, () => 0)}`, `internal_weight=${list(INNER, () => 1)}`, `internal_count=${list(INNER, () => 1)}`,
    'is_linear=0', 'shrinkage=1', '', '',
  ].join('\n') + '\n');
  const header = [
    'tree', 'version=v4', 'num_class=1', 'num_tree_per_iteration=1', 'label_index=0', `max_feature_idx=${FEATURES - 1}`, 'objective=regression',
    `feature_names=${times(FEATURES, (index) => `Column_${index}`).join(' ')}`, `feature_infos=${times(FEATURES, () => '[-1:1]').join(' ')}`,
    `tree_sizes=${trees.map(({ length }) => length).join(' ')}`, '', '',
  ].join('\n');
  return `${header}${trees.join('')}end of trees\n\nfeature_importances:\n\nparameters:\n[boosting: gbdt]\n\nend of parameters\n\npandas_categorical:null\n`;
}

function catboost(random: () => number): unknown {
  // Each feature must list every border that a split names.
  const borders = times(FEATURES, () => times(12, () => threshold(random)).sort((a, b) => a - b));
  const offsets = borders.map((_, feature) => feature * 12);
  const split = (): unknown => {
    const feature = Math.floor(random() * FEATURES);
    const index = Math.floor(random() * 12);
    return { border: borders[feature]?.[index], float_feature_index: feature, split_index: (offsets[feature] ?? 0) + index, split_type: 'FloatFeature' };
  };
  return {
    features_info: { float_features: borders.map((list, index) => ({ borders: list, feature_id: '', feature_index: index, flat_feature_index: index, has_nans: false, nan_value_treatment: 'AsIs' })) },
    model_info: { params: { loss_function: { params: {}, type: 'RMSE' } } },
    oblivious_trees: times(TREES, () => ({ leaf_values: times(LEAVES, () => threshold(random)), leaf_weights: times(LEAVES, () => 1), splits: times(DEPTH, split) })),
    scale_and_bias: [1, [0]],
  };
}
