import { array, call, build, dict, float, floats, instance, int, integers, list, none, pickle, recordDtype, text, tuple } from './pickle-writer';

/** One node of a handmade tree: a comparison, or a leaf where `left` is -1. */
export interface HandmadeNode {
  readonly left: number;
  readonly right: number;
  readonly feature?: number;
  readonly threshold?: number;
  readonly missingLeft?: boolean;
}

export interface HandmadeTree {
  readonly nodes: readonly HandmadeNode[];
  /** `nodes * classes` values. */
  readonly values: readonly number[];
  readonly features?: number;
  readonly classes?: number;
  readonly attributes?: Readonly<Record<string, Buffer>>;
}

const RECORD_BYTES = 64;

/** The bytes of a DecisionTreeClassifier, 1.5 style, with whatever is wrong in `tree`. */
export function treeFile(tree: HandmadeTree): Buffer {
  return pickle(treeClassifier(tree));
}

export function treeClassifier({ nodes, values, features = 2, classes = 2, attributes = {} }: HandmadeTree): Buffer {
  return instance('sklearn.tree._classes', 'DecisionTreeClassifier', {
    criterion: text('gini'),
    splitter: text('best'),
    n_features_in_: int(features),
    n_outputs_: int(1),
    n_classes_: int(classes),
    classes_: integers(Array.from({ length: classes }, (_, index) => index)),
    _sklearn_version: text('1.5.2'),
    tree_: build(call('sklearn.tree._tree', 'Tree'), dict({
      node_count: int(nodes.length),
      nodes: nodeArray(nodes),
      values: floats([nodes.length, 1, classes], values),
    })),
    ...attributes,
  });
}

/** The bytes of a RandomForestClassifier over these trees. */
export function forestFile(trees: readonly Buffer[], attributes: Readonly<Record<string, Buffer>> = {}): Buffer {
  return pickle(instance('sklearn.ensemble._forest', 'RandomForestClassifier', {
    n_features_in_: int(2),
    n_outputs_: int(1),
    n_classes_: int(2),
    classes_: integers([0, 1]),
    _sklearn_version: text('1.5.2'),
    estimators_: list(...trees),
    ...attributes,
  }));
}

/** The bytes of a linear SVC of two support vectors, `x0 > 0` telling class 1 from class 0. */
export function svcFile(attributes: Readonly<Record<string, Buffer>> = {}): Buffer {
  return pickle(instance('sklearn.svm._classes', 'SVC', {
    kernel: text('linear'),
    degree: int(3),
    coef0: float(0),
    _gamma: float(1),
    probability: Buffer.of(0x89),
    classes_: integers([0, 1]),
    support_vectors_: floats([2, 2], [-1, 0, 1, 0]),
    _n_support: integers([1, 1]),
    _dual_coef_: floats([1, 2], [1, -1]),
    _intercept_: floats([1], [0]),
    random_state: none,
    shape_fit_: tuple(int(2), int(2)),
    ...attributes,
  }));
}

function nodeArray(nodes: readonly HandmadeNode[]): Buffer {
  const records = recordDtype({
    left_child: ['i8', 8], right_child: ['i8', 8], feature: ['i8', 8], threshold: ['f8', 8], impurity: ['f8', 8],
    n_node_samples: ['i8', 8], weighted_n_node_samples: ['f8', 8], missing_go_to_left: ['u1', 8],
  });
  const data = Buffer.alloc(nodes.length * RECORD_BYTES);
  nodes.forEach(({ left, right, feature = -2, threshold = -2, missingLeft = false }, index) => {
    const at = index * RECORD_BYTES;
    data.writeBigInt64LE(BigInt(left), at);
    data.writeBigInt64LE(BigInt(right), at + 8);
    data.writeBigInt64LE(BigInt(feature), at + 16);
    data.writeDoubleLE(threshold, at + 24);
    data.writeUInt8(missingLeft ? 1 : 0, at + 56);
  });
  return array(records, [nodes.length], data);
}
