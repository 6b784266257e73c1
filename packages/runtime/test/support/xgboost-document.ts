/** The parts of an XGBoost model in which tests change something. */
export interface XgboostTree {
  left_children: number[];
  right_children: number[];
  split_indices: number[];
  split_conditions: number[];
  split_type: number[];
  default_left: number[];
  base_weights: number[];
  leaf_weights?: number[];
  categories: number[];
  categories_nodes: number[];
  categories_segments: number[];
  categories_sizes: number[];
  tree_param: { num_nodes: string; size_leaf_vector: string; num_feature: string };
}

export interface XgboostDocument {
  learner: {
    attributes: Record<string, string>;
    feature_names: string[];
    gradient_booster: {
      name: string;
      model: { trees: XgboostTree[]; tree_info: number[]; gbtree_model_param: { num_parallel_tree: string }; iteration_indptr?: number[]; weights?: number[] };
      weight_drop?: number[];
      gbtree?: unknown;
    };
    learner_model_param: { base_score: unknown; num_class: string; num_feature: string; num_target: string };
    objective: { name: string };
  };
}

/** Nodes 0 to 4: node 0 compares feature 0 with 2, its left child (1) feature 1 with 5; the leaves 2, 3, 4 answer 30, 10, 20. */
export function smallTree(): XgboostTree {
  return {
    left_children: [1, 3, -1, -1, -1],
    right_children: [2, 4, -1, -1, -1],
    split_indices: [0, 1, 0, 0, 0],
    split_conditions: [2, 5, 30, 10, 20],
    split_type: [0, 0, 0, 0, 0],
    default_left: [1, 0, 0, 0, 0],
    base_weights: [0, 0, 30, 10, 20],
    categories: [],
    categories_nodes: [],
    categories_segments: [],
    categories_sizes: [],
    tree_param: { num_nodes: '5', size_leaf_vector: '1', num_feature: '2' },
  };
}

/** A regression of two features with one `smallTree`. */
export function smallXgboost(): XgboostDocument {
  return {
    learner: {
      attributes: {},
      feature_names: [],
      gradient_booster: { name: 'gbtree', model: { trees: [smallTree()], tree_info: [0], gbtree_model_param: { num_parallel_tree: '1' } } },
      learner_model_param: { base_score: '5E-1', num_class: '0', num_feature: '2', num_target: '1' },
      objective: { name: 'reg:squarederror' },
    },
  };
}
